"""What the pages are shown with: one good example of everything in the furnished demonstration district."""

from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import Count
from django.utils import timezone

import clock
from accounts.models import User
from dispatch.models import Command, DayClose, DayCloseLine, Handover, Shift, Supervision, Whistle
from governance.demo.staff import ACCOUNTS, home_grid
from grids.models import Kind, OperationMode, Post, Unit, ZoneOrder
from households.models import (
    ExportRequest,
    Household,
    Organisation,
    RegisterLoad,
    Resident,
    ResidentTag,
    Resource,
)
from incidents.acts import ACTS
from incidents.models import Incident
from incidents.selectors import visible_to
from incidents.situation import situation_of
from incidents.workflow import OPEN, Status
from public.models import Feedback, PlaceCode, ResidentReport

AFTERNOON = timedelta(hours=15, minutes=30)


class Examples:
    """Each is looked for when a page first asks for it. Units go by their codes, as in addresses."""

    @cached_property
    def _grid(self) -> Unit:
        return home_grid(Unit.objects.get(kind=Kind.STREET))

    @cached_property
    def people(self) -> dict[str, User]:
        return {user.username: user for user in User.objects.filter(username__in=[each.username for each in ACCOUNTS])}

    # -- Units and registers -----------------------------------------------------------------------------------------

    @property
    def street(self) -> str:
        return self._grid.street.code

    @property
    def community(self) -> str:
        return self._grid.community.code

    @property
    def grid(self) -> str:
        return self._grid.code

    @cached_property
    def micro_grid(self) -> str:
        return Unit.objects.filter(grid=self._grid, kind=Kind.MICRO_GRID).order_by("lft")[0].code

    @cached_property
    def _household(self) -> Household:
        """One of the worker's, with many people."""
        crowded = Household.objects.filter(unit__grid=self._grid).annotate(people=Count("residents"))
        return crowded.select_related("unit").order_by("-people", "pk")[0]

    @property
    def household(self) -> str:
        return self._household.unit.code

    @cached_property
    def resident(self) -> int:
        return self._household.residents.order_by("pk")[0].pk

    @cached_property
    def resident_gone(self) -> int:
        return Resident.objects.exclude(moved_out_on=None).order_by("pk")[0].pk

    @cached_property
    def tag(self) -> tuple[int, int]:
        tag = ResidentTag.objects.filter(until=None).order_by("pk")[0]
        return tag.resident_id, tag.pk

    @cached_property
    def organisation(self) -> int:
        return Organisation.objects.order_by("pk")[0].pk

    @cached_property
    def resource(self) -> int:
        return Resource.objects.order_by("pk")[0].pk

    @cached_property
    def load(self) -> object:
        return RegisterLoad.objects.filter(state=RegisterLoad.State.READY).latest("pk").key

    @cached_property
    def applied_load(self) -> object:
        return RegisterLoad.objects.filter(state=RegisterLoad.State.APPLIED).latest("pk").key

    @cached_property
    def export(self) -> object:
        return ExportRequest.objects.latest("pk").key

    @cached_property
    def post_of_worker(self) -> int:
        return Post.objects.get(user=self.people["worker"]).pk

    # -- Incidents ---------------------------------------------------------------------------------------------------

    def incident_for(self, act: str, who: str) -> str:
        """One that offers the act to that account, the newest first."""
        user = self.people[who]
        for incident in visible_to(user).select_related("unit", "category", "reporter").order_by("-pk"):
            if ACTS[act].is_offered(situation_of(user, incident)):
                return incident.number
        raise LookupError(f"Nothing in the demonstration district offers “{act}” to {who}.")

    @cached_property
    def incident_of_worker(self) -> str:
        mine = visible_to(self.people["worker"]).filter(status=Status.IN_PROGRESS)
        return mine.order_by("-reported_at")[0].number

    @cached_property
    def incident_with_most(self) -> str:
        """The open one with the longest history."""
        counted = Incident.objects.filter(status__in=OPEN).annotate(moves=Count("changes"))
        return counted.order_by("-moves", "pk")[0].number

    @property
    def incident_of_resident(self) -> str:
        return self._report_in(Status.REPORTED).incident.number

    @cached_property
    def waiting_numbers(self) -> str:
        """As the queue sends what was ticked."""
        waiting = Incident.objects.filter(status=Status.REPORTED).order_by("pk")[:3]
        return "?" + "&".join(f"number={incident.number}" for incident in waiting)

    # -- The command room --------------------------------------------------------------------------------------------

    @property
    def past_moment(self) -> datetime:
        """Yesterday, half an hour before the close-out."""
        midnight = timezone.localtime(clock.now()).replace(hour=0, minute=0, second=0, microsecond=0)
        return midnight - timedelta(days=1) + AFTERNOON

    @cached_property
    def closed_day(self) -> date:
        return DayClose.objects.latest("day").day

    @cached_property
    def line_to_explain(self) -> int:
        latest = DayClose.objects.filter(lines__isnull=False).latest("day")
        return DayCloseLine.objects.filter(day_close=latest).order_by("pk")[0].pk

    @cached_property
    def command(self) -> str:
        return Command.objects.order_by("pk")[0].number

    @cached_property
    def handover(self) -> int:
        return Handover.objects.latest("pk").pk

    @cached_property
    def coming_shift(self) -> int:
        coming = Shift.objects.filter(user=self.people["command"], starts_at__gt=clock.now(), cancelled_at=None)
        return coming.order_by("starts_at")[0].pk

    @cached_property
    def supervision(self) -> str:
        return Supervision.objects.filter(state=Supervision.State.ISSUED).latest("pk").number

    @cached_property
    def whistle(self) -> str:
        return Whistle.objects.latest("pk").number

    @cached_property
    def mode(self) -> int:
        return OperationMode.objects.get().pk

    @cached_property
    def zone(self) -> int:
        return ZoneOrder.objects.get().pk

    # -- Residents ---------------------------------------------------------------------------------------------------

    @cached_property
    def place_code(self) -> str:
        return PlaceCode.objects.get(unit__code=self.micro_grid, ended_at=None).code

    @property
    def report_link(self) -> str:
        return self._report_in(Status.REPORTED).link

    @property
    def closed_report_link(self) -> str:
        return self._report_in(Status.CLOSED).link

    def _report_in(self, status: Status) -> ResidentReport:
        """The newest whose matter stands there."""
        return ResidentReport.objects.filter(incident__status=status).select_related("incident").latest("pk")

    @cached_property
    def feedback_link(self) -> str:
        return Feedback.objects.latest("pk").link
