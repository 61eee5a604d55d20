"""The close-out page: live until the line, frozen after it."""

from datetime import date

import pytest
from django.urls import reverse

from dispatch.close_out import close_day
from dispatch.overview.channels import visible_messages
from incidents import services
from tests.dispatch.moments import friday, on, saturday
from tests.incidents import stages
from tests.incidents.stages import HOUR, NINE
from tests.query_counts import query_count
from tests.world import post

PAGE = "dispatch:close_out"
FRIDAY = date(2026, 11, 20)


def get(client, user, page=PAGE, *args, **query):
    client.force_login(user)
    return client.get(reverse(page, args=args), query)


def report_of(client, user, street, day=FRIDAY):
    return get(client, user, "dispatch:close_out_report", street.code, day)


@pytest.mark.parametrize("who", ["worker", "department", "verifier", "leader", "admin"])
def test_only_who_closes_the_day_sees_it(town, client, who):
    close_day(FRIDAY, friday("16:00"))
    user = getattr(town, who)

    assert get(client, user).status_code == 403
    assert get(client, user, "dispatch:close_out_day", FRIDAY).status_code == 403
    assert report_of(client, user, town.street_a).status_code == 403


def test_a_room_of_one_community_reads_nothing_of_the_whole_street(town, client):
    stages.report(town, at=friday("09:00"))
    close_day(FRIDAY, friday("16:00"))
    room = post("room", "何值班", "command_officer", town.community_2)

    assert get(client, room).status_code == 200
    assert not get(client, room, "dispatch:close_out_trend").context["has_any"]
    assert get(client, room, "dispatch:close_out_day", FRIDAY).status_code == 404
    assert report_of(client, room, town.street_a).status_code == 404
    assert visible_messages(town.command).exists()
    assert not visible_messages(room).exists()


def test_it_counts_down_and_shows_who_owes_what(town, client, stop_clock):
    owed = stages.dispatched(town, at=friday("10:00"))
    services.settle(stages.report(town, level=1), actor=town.worker, measures="已劝离。", at=friday("09:10"))
    stages.report(town, unit=town.micro_5, actor=town.command, at=friday("14:00"))
    stop_clock(friday("15:18"))

    answer = get(client, town.command)

    assert "还剩 42 分" in answer.text
    assert answer.context["total"] == {"due": 3, "closed": 1, "owed": 2, "open": 2, "late": 1}
    rows = {row.unit.name: (row.due, row.closed, row.owed) for row in answer.context["rows"]}
    assert rows == {"高田王村": (2, 1, 1), "牌门社区": (1, 0, 1)}
    assert answer.context["owed"][0].number == owed.number
    assert town.enforcement.name in answer.text


def test_live_figures_are_what_gets_frozen(town, client, stop_clock):
    stages.handled(town)
    stages.suspended(town)
    stages.closed(town)
    stages.report(town, level=3)
    stop_clock(friday("15:59:59"))
    total = get(client, town.command).context["total"]
    frozen = next(row for row in close_day(FRIDAY, friday("16:00")) if row.street_id == town.street_a.pk)

    assert (total["due"], total["closed"], total["open"]) == (frozen.due, frozen.due_closed, frozen.open)


def test_after_the_line_it_counts_towards_tomorrow_and_leads_to_the_report(town, client, stop_clock):
    stages.report(town, at=friday("16:30"))
    close_day(FRIDAY, friday("16:00:02"))
    stop_clock(friday("17:00"))

    answer = get(client, town.command)

    assert answer.context["line"] == saturday("16:00")
    assert answer.context["total"]["due"] == 1
    assert reverse("dispatch:close_out_day", args=[FRIDAY]) in answer.text


def test_the_district_sees_streets_and_opens_one(town, client):
    stages.report(town)

    answer = get(client, town.district_officer)
    assert [row.unit.name for row in answer.context["rows"]] == ["大碶街道", "新碶街道"]
    one = get(client, town.district_officer, street=town.street_a.code)
    assert [row.unit.name for row in one.context["rows"]] == ["高田王村", "牌门社区"]


def test_foreign_and_unknown_streets_give_404(town, client):
    close_day(FRIDAY, friday("16:00"))

    assert get(client, town.command, street=town.street_b.code).status_code == 404
    assert report_of(client, town.command, town.street_b).status_code == 404
    assert report_of(client, town.command, town.street_a, date(2026, 11, 19)).status_code == 404
    assert get(client, town.command, "dispatch:close_out_day", date(2026, 11, 19)).status_code == 404
    assert client.get("/close-out/2026-13-40/").status_code == 404


def test_the_report_stays_and_the_present_status_stands_beside_it(town, client):
    moved, left = stages.handled(town), stages.dispatched(town)
    close_day(FRIDAY, friday("16:00"))
    services.verify(moved, actor=town.verifier, at=friday("16:20"))

    answer = report_of(client, town.command, town.street_a)

    lines = {line.number: (line.status, line.status_now) for line in answer.context["page"]}
    assert lines == {moved.number: ("handled", "closed"), left.number: ("dispatched", "dispatched")}
    assert answer.context["moved"] == 1
    assert "其中 1 件此后有进展" in answer.text


def test_due_just_at_the_line_counts_as_late(town, client):
    stages.report(town, level=3, at=friday("15:30"))
    close_day(FRIDAY, friday("16:00"))

    assert "到点未结" in report_of(client, town.command, town.street_a).text


def test_a_report_that_was_made_up_for_says_so(town, client):
    close_day(FRIDAY, on("2026-11-21", "08:00"))
    assert "补记" in report_of(client, town.command, town.street_a).text

    close_day(date(2026, 11, 19), on("2026-11-19", "16:00:30"))
    assert "补记" not in report_of(client, town.command, town.street_a, date(2026, 11, 19)).text


def test_a_clean_day_says_so(town, client):
    close_day(FRIDAY, friday("16:00"))

    assert "全部办结" in report_of(client, town.command, town.street_a).text
    assert "本次日清没有待结事件" in get(client, town.command).text


def test_a_day_leads_to_the_one_street_or_lists_them(town, client):
    close_day(FRIDAY, friday("16:00"))

    answer = get(client, town.command, "dispatch:close_out_day", FRIDAY)
    assert answer.url == reverse("dispatch:close_out_report", args=[town.street_a.code, FRIDAY])
    assert len(get(client, town.district_officer, "dispatch:close_out_day", FRIDAY).context["closings"]) == 2


def test_a_report_in_english_uses_the_english_names(town, client):
    town.command.language = "en"
    town.command.save(update_fields=["language"])
    stages.dispatched(town)
    close_day(FRIDAY, friday("16:00"))

    text = report_of(client, town.command, town.street_a).text

    assert town.enforcement.name_en in text
    assert "日清" not in text


def test_close_out_pages_ask_a_fixed_number_of_queries(town, client, stop_clock):
    for stage in (stages.dispatched, stages.handled, stages.report):
        stage(town)
    close_day(date(2026, 11, 19), on("2026-11-19", "16:00"))
    close_day(FRIDAY, friday("16:00"))
    stop_clock(NINE + 8 * HOUR)
    client.force_login(town.command)
    with query_count(PAGE):
        client.get(reverse(PAGE))
    with query_count("dispatch:close_out_report"):
        client.get(reverse("dispatch:close_out_report", args=[town.street_a.code, FRIDAY]))
