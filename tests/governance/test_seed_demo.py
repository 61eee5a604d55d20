"""The demonstration district: believable, complete, sound, and never mixed into a district that is there."""

from collections import Counter
from datetime import UTC, date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings

from accounts.models import User
from dispatch.models import DayClose, Deadline
from governance.demo import district, staff
from governance.demo.scales import SMALL
from grids import soundness
from grids.models import Kind, Post, Unit
from households.models import Household, Resident, ResidentTag
from incidents.models import Incident, StatusChange
from incidents.workflow import OPEN, Act, Status
from public.models import PlaceCode, ResidentReport
from public.place_codes import CODED
from public.waiting import waiting_for_answer

NOW = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)  # half past three in the afternoon
PASSWORD = "long-enough-for-a-demo"

pytestmark = [pytest.mark.long, pytest.mark.django_db]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """One small district for all tests of this file, in a transaction that is rolled back."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        built = district.build(SMALL, password=PASSWORD, say=lambda text: None, now=NOW)
        yield built
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _in_the_district(demo):
    return demo


def test_the_small_scale_has_its_figures(demo):
    kinds = {kind: Unit.objects.filter(kind=kind).count() for kind in Kind}
    assert kinds == {"street": 1, "area": 0, "community": 8, "grid": 22, "micro_grid": 60, "household": 1500}
    assert (Household.objects.count(), Resident.objects.count()) == (demo.households, demo.residents) == (1500, 5400)


def test_some_people_carry_tags_and_those_fit_their_ages():
    carried = Counter(ResidentTag.objects.values_list("kind__code", flat=True))
    assert {"elderly_alone", "empty_nest", "oldest_old", "disabled", "veteran", "serious_illness"} <= set(carried)
    assert sum(carried.values()) < Resident.objects.count() / 4
    assert not ResidentTag.objects.filter(kind__code="oldest_old", resident__born_on__gt=date(1946, 11, 20)).exists()


def test_the_tree_is_sound():
    assert not soundness.findings()


def test_every_status_has_incidents_and_every_level_too():
    assert {status for status in Status if Incident.objects.filter(status=status).exists()} == set(Status)
    assert set(Incident.objects.values_list("level", flat=True)) >= {1, 2, 3}


def test_every_account_has_a_role_of_its_own_and_can_log_in(client):
    roles = {account.role for account in staff.ACCOUNTS}
    assert len(roles) == len(staff.ACCOUNTS)
    for account in staff.ACCOUNTS:
        user = User.objects.get(username=account.username)
        assert user.check_password(PASSWORD)
        assert not user.must_change_password
        assert user.posts.count() == 1
    assert not User.objects.filter(is_superuser=True).exists()


def test_every_unit_above_the_door_is_served():
    served = Post.objects.exclude(unit=None).values("unit")
    assert not Unit.objects.exclude(kind=Kind.HOUSEHOLD).exclude(pk__in=served).exists()


def test_nobody_verified_what_they_had_handled():
    for change in StatusChange.objects.filter(act=Act.VERIFY).select_related("incident"):
        hands = StatusChange.objects.filter(incident=change.incident, act__in=[Act.SIGN, Act.HANDLE])
        assert change.actor_id not in set(hands.values_list("actor", flat=True))


def test_history_is_in_order_and_nothing_lies_in_the_future():
    for incident in Incident.objects.prefetch_related("changes"):
        moments = [change.at for change in incident.changes.all()]
        assert moments == sorted(moments)
        assert moments[-1] <= NOW


def test_open_incidents_have_a_running_clock_and_ended_ones_none():
    running = Deadline.objects.filter(met_at=None, cancelled_at=None).values("incident")
    assert not Incident.objects.filter(status__in=OPEN).exclude(pk__in=running).exists()
    assert not Incident.objects.exclude(status__in=OPEN).filter(pk__in=running).exists()


def test_past_days_are_closed():
    assert DayClose.objects.count() == 21
    assert DayClose.objects.latest("day").open > 0


def test_every_place_has_a_code_and_residents_reports_stand_in_each_stage():
    coded = PlaceCode.objects.filter(ended_at=None).values("unit")
    assert not Unit.objects.filter(kind__in=CODED).exclude(pk__in=coded).exists()
    reports = ResidentReport.objects.select_related("incident")
    stands = Counter((report.answered_at is not None, report.incident.status) for report in reports)
    assert stands[False, Status.REPORTED] == stands[True, Status.CLOSED] - 1 == 2
    assert {(False, Status.IN_PROGRESS), (True, Status.IN_PROGRESS), (True, Status.HANDLED)} <= set(stands)
    waiting = waiting_for_answer(User.objects.get(username="command"))
    assert waiting.count() == 4
    assert waiting.filter(resident_report__answer_due_at__lt=NOW).count() == 1


def test_building_again_changes_nothing():
    assert district.build(SMALL, password=PASSWORD, say=lambda text: None, now=NOW) is None
    with override_settings(TRIAL=True), pytest.MonkeyPatch.context() as patch:
        patch.setenv("DEMO_PASSWORD", PASSWORD)
        told = StringIO()
        call_command("seed_demo", stdout=told)
        assert "nothing was changed" in told.getvalue()
    assert Unit.objects.filter(kind=Kind.STREET).count() == 1


def test_demo_accounts_are_refused_in_service():
    with override_settings(TRIAL=False), pytest.raises(CommandError, match="refused in service"):
        call_command("seed_demo")
