"""Any minute of a past day: as the incidents' own history tells it, and as the close-out was frozen."""

from io import BytesIO

import openpyxl
from django.urls import reverse

from dispatch.close_out import close_owed_days
from dispatch.models import DayClose
from dispatch.overview import board_past, board_picture
from dispatch.overview.board import Show, counted_tier
from dispatch.overview.board_hours import in_hours
from dispatch.replay import counted_at, stood_at
from dispatch.retrospect import Past, with_history
from dispatch.rules import CLOSE_OUT_AT
from dispatch.selectors import figures_by
from incidents import services
from incidents.models import Incident
from tests.dispatch.moments import friday, on, saturday
from tests.incidents import stages
from tests.incidents.stages import HOUR, MINUTE, NINE
from tests.query_counts import query_count


def a_day(town):
    """Something of everything: open, late, on hold, closed, opened again, voided, of another level since."""
    stages.report(town)
    stages.handled(town)
    stages.returned(town)
    stages.void(town)
    stages.merged(town)
    stages.archived(town)
    stages.report(town, level=3, unit=town.micro_5, actor=town.command)
    services.resume(stages.suspended(town), actor=town.command, at=NINE + 8 * HOUR)
    services.reopen(stages.closed(town), actor=town.command, note="复发。", at=NINE + 9 * HOUR)
    services.settle(stages.report(town, level=1), actor=town.worker, measures="已劝离。", at=NINE + 5 * MINUTE)
    stages.report(town, at=friday("16:00:01"))


def test_each_incident_stands_as_its_own_history_tells_it(town):
    a_day(town)
    incidents = list(with_history(Incident.objects.all()))

    for at in (
        "08:59",
        "09:00",
        "09:25",
        "10:00",
        "10:45",
        "11:00",
        "12:00",
        "15:59",
        "16:00",
        "17:00",
        "18:00",
        "23:59",
    ):
        moment = friday(at)
        told = {
            one.incident_id: (one.status, one.level, one.due_at) for one in stood_at(moment, Incident.objects.all())
        }
        for past in (Past(incident, moment) for incident in incidents):
            if past.is_open:
                assert told[past.incident.pk] == (past.status, past.level, past.due_at), at
            else:
                assert (past.incident.pk in told) == past.closed_since(friday("00:00")), at


def test_a_past_four_o_clock_has_the_figures_of_the_frozen_close_out(town):
    a_day(town)
    close_owed_days(friday("16:00:02"))
    frozen = DayClose.objects.get(street=town.street_a)

    then = board_picture.past(town.street_a, town.leader, at=friday("16:00")).total

    # Due at the line itself: not in time for the close-out, and not yet overdue on a board that is read that second.
    assert (then.open, then.overdue + then.due_today) == (frozen.open, frozen.late)
    assert then.closed_today == frozen.closed
    assert then.serious == frozen.lines.filter(level__gte=3).count()


def test_what_the_board_showed_is_what_looking_back_shows(town):
    showed = {}
    incident = stages.report(town)
    showed["09:05"] = board_picture.present(town.street_a, town.leader, at=friday("09:05"))
    services.dispatch(incident, actor=town.command, lead=town.enforcement, at=friday("09:10"))
    showed["10:30"] = board_picture.present(town.street_a, town.leader, at=friday("10:30"))
    services.sign(incident, actor=town.department, at=friday("10:40"))
    services.handle(incident, actor=town.department, measures="已清走。", at=friday("11:00"))
    services.verify(incident, actor=town.verifier, at=friday("11:30"))
    showed["12:00"] = board_picture.present(town.street_a, town.leader, at=friday("12:00"))
    services.reopen(incident, actor=town.command, note="复发。", at=saturday("09:00"))

    assert [picture.total.overdue for picture in showed.values()] == [0, 1, 0]
    for at, picture in showed.items():
        assert board_picture.past(town.street_a, town.leader, at=friday(at)) == picture


def test_every_tier_is_counted_alike(town):
    a_day(town)
    now, line = on("2026-11-22", "10:00"), on("2026-11-22", "16:00")

    for within in (None, town.street_a, town.community_1, town.grid_1, town.micro_1):
        seen, tier = board_picture.seen_in(within, town.district_officer), counted_tier(within)
        assert counted_at(now, seen, tier=tier, line=line).figures == figures_by(tier, now=now, within=within), within


def test_the_line_of_24_hours_ends_with_the_hour_that_has_begun():
    hours = in_hours({9: 3}, {10: 1}, at=friday("10:20"), line=CLOSE_OUT_AT)

    assert [(hour.reported, hour.closed) for hour in hours[8:12]] == [(0, 0), (3, 0), (0, 1), (None, None)]
    assert [hour.label for hour in hours if hour.line] == ["16:00"]


def test_a_past_minute_has_a_page_and_a_file_with_the_same_rows(town, client, stop_clock):
    a_day(town)
    stop_clock(saturday("09:00"))
    client.force_login(town.leader)
    url = reverse("dispatch:replay", args=[town.street_a.code, friday("12:00")])
    assert url.endswith("/at/2026-11-20T12:00/")
    with query_count("dispatch:replay"):
        page = client.get(url)

    assert page.context["picture"].total.closed_today == 3
    assert [row.unit.name for row, _url in page.context["rows"]] == ["高田王村", "牌门社区"]
    book = openpyxl.load_workbook(BytesIO(client.get(f"{url}tables.xlsx").content))
    assert page.context["closed_label"] == Show.CLOSED.said(is_past=True) != Show.CLOSED.label
    places, hours, serious = book.worksheets
    assert places["B4"].value == page.context["picture"].rows[0].figures.open
    assert (hours["A13"].value, hours["B13"].value, hours["C13"].value) == ("09:00", 11, 1)
    assert serious["B4"].value == 3


def test_each_number_of_a_past_minute_opens_to_what_it_counted(town, client, stop_clock):
    a_day(town)
    stop_clock(saturday("09:00"))
    client.force_login(town.leader)

    for at in (friday("12:00"), friday("16:05")):
        board = client.get(reverse("dispatch:replay", args=[town.street_a.code, at]))
        for tile in board.context["tiles"]:
            answer = client.get(tile["url"])
            assert (answer.status_code, answer.context["page"].paginator.count) == (200, tile["number"]), tile["url"]
            assert f"{at:%Y-%m-%d %H:%M}" in answer.text
    with query_count("dispatch:replay_incidents"):
        page = client.get(tile["url"]).context["page"]
    assert [(row.level, row.status, row.holder) for row in page.object_list] == [(3, "reported", "综合信息指挥室")]


def test_rows_behind_a_past_number_stand_as_they_stood(town):
    incident = stages.handled(town)
    services.verify(incident, actor=town.verifier, at=NINE + 2 * HOUR)
    now = friday("18:00")

    def row(at, show=Show.OPEN):
        (one,) = board_past.as_they_stood(board_past.behind(town.street_a, show, town.leader, at=at), at=at)
        return one.status, one.holder, one.closed_at

    assert row(NINE + 5 * MINUTE) == ("reported", "综合信息指挥室", None)
    assert row(NINE + 30 * MINUTE) == ("in_progress", "综合执法队", None)
    assert row(NINE + 90 * MINUTE) == ("handled", "核查岗", None)
    assert row(now, Show.CLOSED) == ("closed", "", NINE + 2 * HOUR)


def test_only_past_minutes_of_ninety_days_are_shown_and_only_to_those_who_see_the_board(town, client, stop_clock):
    stop_clock(saturday("09:00"))
    client.force_login(town.leader)
    base = reverse("dispatch:board_unit", args=[town.street_a.code])

    assert client.get(f"{base}at/2026-11-21T09:00/").status_code == 200
    for moment in ("2026-11-21T09:01", "2026-08-01T09:00", "2026-11-31T09:00"):
        assert client.get(f"{base}at/{moment}/").status_code == 404
        assert client.get(f"{base}at/{moment}/tables.xlsx").status_code == 404
        assert client.get(f"{base}at/{moment}/open/").status_code == 404
    assert client.get(f"{base}at/2026-11-21T09:00/nonsense/").status_code == 404
    assert client.get(f"{base}at/").url == f"{base}at/2026-11-20T16:00/"
    assert client.get(f"{base}at/?day=2026-11-19&time=08:07").url == f"{base}at/2026-11-19T08:07/"
    assert client.get(f"{base}at/?day=nonsense&time=1").url == f"{base}at/2026-11-20T16:00/"
    assert client.get("/board/at/2026-11-20T09:00/").status_code == 404  # the district's is for the district
    foreign = reverse("dispatch:board_unit", args=[town.street_b.code])
    assert {
        client.get(f"{foreign}{page}").status_code
        for page in ("at/2026-11-20T09:00/", "at/2026-11-20T09:00/open/", "tables.xlsx", "wall/")
    } == {404}
    client.force_login(town.worker)
    assert {client.get(f"{base}{page}").status_code for page in ("at/2026-11-20T09:00/", "tables.xlsx", "wall/")} == {
        403
    }
