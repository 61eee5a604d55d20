"""The numbers beside the menu are kept, and never old after somebody's own act."""

from datetime import timedelta

import pytest
from django.test import RequestFactory

import clock
from accounts.models import User
from dispatch.overview import needs_cache
from dispatch.overview.needs import Need, count_needs_once
from grids.models import Post
from incidents import services
from tests.incidents import stages
from tests.incidents.stages import HOUR, NINE


@pytest.fixture
def kept(monkeypatch):
    monkeypatch.setattr(needs_cache, "_may_keep", lambda: True)


def counts(user):
    """As the next page shows them: another request, by a user read anew."""
    request = RequestFactory().get("/")
    request.user = User.objects.get(pk=user.pk)
    return count_needs_once(request)


def test_unchanged_counts_are_not_counted_again(world, kept, django_assert_num_queries):
    stages.report(world)
    assert counts(world.command) == {Need.TRIAGE: 1}
    with django_assert_num_queries(2):  # the user and the posts, which every page reads
        assert counts(world.command) == {Need.TRIAGE: 1}
    assert counts(world.outsider) == {}


def test_whoever_acts_sees_the_new_number_on_the_next_page(world, kept, django_capture_on_commit_callbacks):
    def seen_after(user, act):
        with django_capture_on_commit_callbacks(execute=True):
            done = act()
        return done, counts(user)

    assert counts(world.command) == counts(world.department) == {}
    incident, seen = seen_after(world.command, lambda: stages.report(world))
    assert seen == {Need.TRIAGE: 1}
    send = {"actor": world.command, "lead": world.enforcement, "at": NINE + HOUR}
    assert seen_after(world.command, lambda: services.dispatch(incident, **send))[1] == {}
    assert counts(world.department) == {Need.SIGN: 1}
    _signed, seen = seen_after(
        world.department, lambda: services.sign(incident, actor=world.department, at=NINE + 2 * HOUR)
    )
    assert seen == {Need.HANDLE: 1}


def test_another_streets_acts_leave_the_number_kept(
    world, kept, django_capture_on_commit_callbacks, django_assert_num_queries
):
    counts(world.command)
    with django_capture_on_commit_callbacks(execute=True):
        stages.report(world, unit=world.micro_b, actor=world.outsider)
    with django_assert_num_queries(2):
        assert counts(world.command) == {}
    assert counts(world.outsider) == {Need.TRIAGE: 1}


def test_a_post_that_ends_and_a_day_that_begins_count_anew(world, kept, monkeypatch):
    stages.report(world)
    assert counts(world.command) == {Need.TRIAGE: 1}
    Post.objects.filter(user=world.command).update(ends_on=clock.today())
    assert counts(world.command) == {Need.TRIAGE: 1}
    tomorrow = clock.today() + timedelta(days=1)
    monkeypatch.setattr(clock, "today", lambda: tomorrow)
    assert counts(world.command) == {}


def test_inside_a_transaction_nothing_is_kept(world):
    assert counts(world.command) == {}
    stages.report(world)
    assert counts(world.command) == {Need.TRIAGE: 1}
