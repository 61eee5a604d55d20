"""The access log, read by the auditor: who looked at whose numbers, took out which register, loaded which file.

Reading it is itself recorded. Nothing here shows a resident's name: an entry names its subject by number and leads to
the record, where the auditor's own rights decide what can be seen.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

import clock
from accounts.access_log import record_access
from accounts.models import AccessRecord, User
from accounts.spreadsheets import neutral
from households.models import ExportRequest

SUBJECTS: Mapping[str, Promise] = {
    "resident": gettext_lazy("Resident"),
    "household": gettext_lazy("Household"),
    "organisation": gettext_lazy("Organisation"),
    "resource": gettext_lazy("Resource"),
    "incident": gettext_lazy("Incident"),
    "export": gettext_lazy("Export"),
    "load": gettext_lazy("Load of a register"),
    "access_log": gettext_lazy("Access log"),
}
SHOWN: Mapping[str, Promise] = {
    "document_number": gettext_lazy("Document number"),
    "phone": gettext_lazy("Phone"),
    "landlord_phone": gettext_lazy("Phone of the landlord"),
    "contact_phone": gettext_lazy("Phone of the contact"),
    "errors": gettext_lazy("rows to mend"),
    **{register.value: register.label for register in ExportRequest.Register},
}
"""What entries name by code, in words."""

MANY_REVEALS = 50
"""More numbers than this that one person revealed in one day are put before the auditor."""
LOOK_BACK = timedelta(days=30)
MOST_EXPORTED = 100_000


@dataclass(frozen=True, slots=True)
class Search:
    """What the auditor looks for. Days are those of Asia/Shanghai, both included; empty means any."""

    who: str = ""
    act: str = ""
    since: date | None = None
    until: date | None = None
    place: str = ""
    subject: str = ""
    subject_id: int | None = None


@dataclass(frozen=True, slots=True)
class BusyDay:
    """A day on which somebody revealed more numbers than usual."""

    on: date
    user: User
    reveals: int
    elsewhere: int
    """How many of them outside the own area."""


def records(search: Search) -> QuerySet[AccessRecord]:
    """The entries that fit, the newest first."""
    found = AccessRecord.objects.select_related("actor").order_by("-at", "-pk")
    if search.who:
        found = found.filter(Q(actor__username__iexact=search.who) | Q(actor__name__startswith=search.who))
    if search.act:
        found = found.filter(act=search.act)
    if search.since:
        found = found.filter(at__gte=_midnight(search.since))
    if search.until:
        found = found.filter(at__lt=_midnight(search.until + timedelta(days=1)))
    if search.place:
        found = found.filter(unit_code__startswith=search.place)
    if search.subject:
        found = found.filter(subject=search.subject)
    if search.subject_id is not None:
        found = found.filter(subject_id=search.subject_id)
    return found


def busy_days(on: date | None = None) -> list[BusyDay]:
    """Who revealed more than `MANY_REVEALS` numbers in a day, within the last 30 days; the latest day first."""
    on = on or clock.today()
    counted = (
        AccessRecord.objects.filter(act=AccessRecord.Act.REVEAL, at__gte=_midnight(on - LOOK_BACK), actor__isnull=False)
        .annotate(day=TruncDate("at", tzinfo=timezone.get_default_timezone()))
        .values("day", "actor")
        .annotate(reveals=Count("pk"), elsewhere=Count("pk", filter=Q(is_own_area=False)))
        .filter(reveals__gt=MANY_REVEALS)
        .order_by("-day", "-reveals")
    )
    rows = list(counted)
    people = User.objects.in_bulk({row["actor"] for row in rows})
    return [BusyDay(row["day"], people[row["actor"]], row["reveals"], row["elsewhere"]) for row in rows]


def record_reading(actor: User, search: Search, *, address: str | None, at: datetime | None = None) -> None:
    """That the log was searched, and for what."""
    asked = {name: getattr(search, name) for name in Search.__slots__ if getattr(search, name)}
    words = ", ".join(f"{name}={value}" for name, value in asked.items())
    record_access(
        actor,
        act=AccessRecord.Act.AUDIT,
        subject="access_log",
        subject_id=None,
        reason=words[:200],
        address=address,
        at=at,
    )


def as_csv(found: QuerySet[AccessRecord]) -> Iterator[bytes]:
    """The entries as CSV for Excel, streamed; at most `MOST_EXPORTED`."""
    yield "\ufeff".encode()
    yield _line(
        [
            _("At"),
            _("Who"),
            _("Act"),
            pgettext("of an access", "Subject"),
            _("Number"),
            _("Shown"),
            _("Place"),
            _("Own area"),
            _("Reason"),
        ]
    )
    for entry in found[:MOST_EXPORTED].iterator(chunk_size=2_000):
        yield _line(_cells(entry))


def _cells(entry: AccessRecord) -> list[str]:
    own = {True: _("yes"), False: _("no"), None: ""}[entry.is_own_area]
    return [
        timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S"),
        f"{entry.actor} ({entry.actor.username})" if entry.actor else _("the system"),
        str(entry.get_act_display()),
        subject_of(entry),
        str(entry.subject_id or ""),
        shown_of(entry),
        entry.unit_code,
        own,
        entry.reason,
    ]


def subject_of(entry: AccessRecord) -> str:
    return str(SUBJECTS.get(entry.subject, entry.subject))


def shown_of(entry: AccessRecord) -> str:
    return str(SHOWN.get(entry.what, entry.what))


class _Echo:
    """A file that gives back what is written into it."""

    def write(self, text: str) -> str:
        return text


def _line(cells: list[Any]) -> bytes:
    return str(csv.writer(_Echo()).writerow([neutral(str(cell)) for cell in cells])).encode()


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time()), timezone.get_default_timezone())
