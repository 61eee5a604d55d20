"""Open pages follow what happens: versions change after the commit, and asking for them costs no query."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core import signing
from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import ConnectionError as RedisAway

from dispatch.live import live_page, middleware
from dispatch.live.tickets import opens, place_of, ticket_for
from dispatch.live.versions import CALLS, DISTRICT, calls_changed, changed, version, versions
from incidents import services
from tests.incidents import stages
from tests.incidents.stages import HOUR, NINE


def ask(client, place, ticket=None, **query):
    return client.get(
        f"/live/{place}/", query, headers={"Live-Ticket": ticket_for(place) if ticket is None else ticket}
    )


@pytest.mark.parametrize(
    ("streets", "place"), [([7, 7], "7"), ([7, 8], DISTRICT), ([7, None], DISTRICT), ([None], DISTRICT), ([], DISTRICT)]
)
def test_a_page_follows_the_one_street_it_shows_or_the_whole_district(streets, place):
    assert place_of(*(street and SimpleNamespace(street_id=street) for street in streets)) == place


def test_an_unchanged_place_answers_nothing_and_a_changed_one_its_version(db, client, django_assert_num_queries):
    before = version("7")
    with django_assert_num_queries(0):
        assert ask(client, "7", v=before).status_code == 204
        cache.clear()  # Redis lost its content: a version that no page has seen
        answer = ask(client, "7", v=before)
    assert answer.json() == {"version": version("7")} != {"version": before}
    assert ask(client, "7", v=version("7")).status_code == 204
    assert "no-store" in answer.headers["Cache-Control"]


def test_without_a_ticket_for_the_place_nothing_is_told(client):
    for ticket in ("", "nonsense", "7:x:y", signing.TimestampSigner(salt="other").sign("7")):
        assert ask(client, "7", ticket).status_code == 403, ticket
    assert ask(client, "8", ticket_for("7")).status_code == 403


def test_a_ticket_runs_out_after_a_quarter_of_an_hour(monkeypatch):
    ticket = ticket_for("7")
    assert opens(ticket, "7")
    later = timezone.now() + timedelta(minutes=16)
    monkeypatch.setattr(signing.time, "time", later.timestamp)
    assert not opens(ticket, "7")


def test_only_asking_is_possible_and_redis_away_is_said(client, monkeypatch):
    assert client.post("/live/7/").status_code == 405
    monkeypatch.setattr(middleware, "version", lambda place: (_ for _ in ()).throw(RedisAway()))
    assert ask(client, "7").status_code == 503


def test_a_street_changes_with_the_commit_and_its_district_with_it(world, django_capture_on_commit_callbacks):
    here, there = str(world.street_a.pk), str(world.street_b.pk)
    before = versions([here, there, DISTRICT, CALLS])
    with django_capture_on_commit_callbacks(execute=True):
        incident = stages.report(world)
        assert versions(before) == before  # not before the commit: a page would come too early and see the old state

    reported = versions(before)
    assert {place for place in before if reported[place] != before[place]} == {here, DISTRICT}
    with django_capture_on_commit_callbacks(execute=True):
        services.dispatch(incident, actor=world.command, lead=world.police, at=NINE + HOUR)
    assert version(here) != reported[here]


def test_calls_change_for_everybody_who_is_called(db, django_capture_on_commit_callbacks):
    before = versions(["7", "8", CALLS])
    with django_capture_on_commit_callbacks(execute=True):
        calls_changed(7)
    assert [version(place) == before[place] for place in before] == [False, True, False]


def test_what_was_done_stands_though_nobody_could_be_told(db, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(cache, "set_many", lambda *args, **kwargs: (_ for _ in ()).throw(RedisAway()))
    with django_capture_on_commit_callbacks(execute=True):
        changed(7)  # logged, no more: pages renew themselves in half a minute


def test_a_page_carries_what_it_needs_to_ask(world, client):
    page = live_page(world.grid_1)
    assert page.url == f"/live/{world.street_a.pk}/"
    assert ask(client, page.place, page.ticket, v=page.version).status_code == 204
