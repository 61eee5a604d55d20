"""The frozen day for the files: beside the day before, on paper, as Word and Excel; over weeks; and explained."""

import io
from datetime import date

import openpyxl
import pytest
from django.urls import reverse
from docx import Document

from dispatch.close_out import close_day
from dispatch.close_out_reasons import give_reason
from dispatch.models import DayCloseLine, DayCloseReason
from dispatch.overview.close_out_trend import HEIGHT, Day, chart
from tests.dispatch.moments import friday, on
from tests.incidents import stages
from tests.query_counts import query_count

THURSDAY, FRIDAY = date(2026, 11, 19), date(2026, 11, 20)


@pytest.fixture
def frozen(town):
    """Two days of two streets: nothing on Thursday, three late ones in one of them on Friday, one explained."""
    late = [stages.dispatched(town), stages.report(town), stages.report(town, unit=town.micro_5, actor=town.command)]
    close_day(THURSDAY, on("2026-11-19", "16:00"))
    close_day(FRIDAY, friday("16:00:30"))
    line = DayCloseLine.objects.get(incident=late[0])
    give_reason(line, actor=town.department, text="=配件未到货", at=friday("16:20"))
    return late


def get(client, user, page, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"dispatch:{page}", args=args), query)


def texts(document) -> str:
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def test_a_street_as_page_sheet_word_and_excel(town, frozen, client):
    code, first = town.street_a.code, frozen[0]
    client.force_login(town.command)
    with query_count("dispatch:close_out_report"):
        report = client.get(reverse("dispatch:close_out_report", args=[code, FRIDAY]))
    assert [(each.name, each.now, each.change) for each in report.context["figures"]][2:] == [
        ("due", 3, 3),
        ("due_closed", 0, 0),
        ("open", 3, 3),
        ("late", 3, 3),
    ]
    assert "=配件未到货" in report.text
    one = get(client, town.command, "close_out_report", code, FRIDAY, community="牌门社区")
    assert [line.number for line in one.context["page"]] == [frozen[2].number]

    sheet = get(client, town.command, "close_out_sheet", code, FRIDAY)
    word = get(client, town.command, "close_out_sheet", code, FRIDAY, "docx")
    excel = get(client, town.command, "close_out_sheet", code, FRIDAY, "xlsx")
    paper = texts(Document(io.BytesIO(word.getvalue())))
    book = openpyxl.load_workbook(io.BytesIO(excel.getvalue()))
    rows = list(book.worksheets[1].iter_rows(values_only=True))
    for said in (sheet.text, paper):
        assert sheet.context["report"].title in said
        assert town.enforcement.name in said
        assert first.number in said
        assert "=配件未到货" in said
        for secret in ("旧家具", town.department.name, town.worker.name):
            assert secret not in said
    assert len(rows) == 4
    row = next(row for row in rows if row[1] == first.number)
    assert row[-1] == "'=配件未到货"
    assert word["Content-Disposition"].startswith("attachment")


def test_the_district_as_a_sum_of_its_streets_in_the_order_of_their_codes(town, frozen, client):
    day = get(client, town.district_officer, "close_out_day", FRIDAY)
    assert [each.now for each in day.context["figures"]] == [3, 0, 3, 0, 3, 3]
    sheet = get(client, town.district_officer, "close_out_sheet", FRIDAY).context["report"]
    assert "北仑区" in sheet.title
    assert [row[0] for row in sheet.streets.rows] == ["大碶街道", "新碶街道"]
    word = get(client, town.district_officer, "close_out_sheet", FRIDAY, "docx")
    assert len(Document(io.BytesIO(word.getvalue())).tables) == 2
    assert get(client, town.district_officer, "close_out_sheet", FRIDAY, "xlsx").status_code == 200
    assert "大碶街道" in get(client, town.command, "close_out_sheet", FRIDAY).context["report"].title


@pytest.mark.django_db
def test_a_clean_day_fits_on_paper_too_and_others_see_none(town, client):
    close_day(FRIDAY, friday("19:00"))
    code = town.street_a.code

    sheet = get(client, town.command, "close_out_sheet", code, FRIDAY)
    assert not sheet.context["report"].lines.rows
    for kind in ("docx", "xlsx"):
        assert get(client, town.command, "close_out_sheet", code, FRIDAY, kind).status_code == 200
        assert get(client, town.outsider, "close_out_sheet", code, FRIDAY, kind).status_code == 404
    assert get(client, town.command, "close_out_sheet", THURSDAY).status_code == 404
    assert get(client, town.department, "close_out_trend").status_code == 403


def test_who_is_asked_ticks_and_answers_once_for_several(town, frozen, client):
    page = reverse("dispatch:to_explain")
    client.force_login(town.command)
    with query_count("dispatch:to_explain"):
        listed = client.get(page)
    own = [line.pk for line in listed.context["page"]]
    assert DayCloseLine.objects.filter(pk__in=own, status="reported").count() == len(own) == 2
    assert [tab["count"] for tab in listed.context["tabs"]] == [2, 2]

    refused = client.post(page, {"lines": own, "text": "找 13800138000"})
    assert (refused.status_code, refused.context["ticked"]) == (422, set(map(str, own)))
    assert client.post(page, {"text": "人手不足。"}).status_code == 422
    assert not DayCloseReason.objects.filter(by=town.command).exists()
    client.post(page, {"lines": own, "text": "人手不足。"})
    assert DayCloseReason.objects.filter(by=town.command, line__in=own).count() == 2
    assert not get(client, town.command, "to_explain", whose="all").context["page"].object_list
    assert get(client, town.leader, "to_explain").status_code == 200

    explained = DayCloseLine.objects.get(incident=frozen[0])
    line = reverse("dispatch:close_out_line", args=[explained.pk])
    client.force_login(town.department)
    assert "=配件未到货" in client.get(line).text
    assert client.post(line, {"text": "明天到。"}).url == page
    assert explained.reasons.count() == 2
    client.force_login(town.police_officer)
    assert client.get(line).status_code == 404


def test_the_trend_adds_streets_up_and_shows_gaps(town, frozen, client, stop_clock):
    stop_clock(friday("18:00"))
    client.force_login(town.district_officer)
    with query_count("dispatch:close_out_trend"):
        page = client.get(reverse("dispatch:close_out_trend"))
    days = {day.day: day for day in page.context["days"]}
    assert len(days) == 14
    assert (days[FRIDAY].streets, days[FRIDAY].due, days[FRIDAY].missed, days[THURSDAY].open) == (2, 3, 3, 0)
    assert days[date(2026, 11, 18)].streets == 0
    assert reverse("dispatch:close_out_day", args=[FRIDAY]) in page.text
    one = get(client, town.district_officer, "close_out_trend", street=town.street_a.code, days=90)
    assert len(one.context["days"]) == 90
    assert reverse("dispatch:close_out_report", args=[town.street_a.code, FRIDAY]) in one.text
    assert get(client, town.command, "close_out_trend", street=town.street_b.code).status_code == 404


def test_the_chart_stands_on_its_axis_and_breaks_at_gaps():
    drawn = chart([Day(THURSDAY, 1, due=4, due_closed=3, open=8), Day(FRIDAY), Day(FRIDAY, 1, open=2)])

    first = drawn.bars[0]
    assert drawn.top == 8
    assert (first.in_time_y + first.in_time, first.missed_y + first.missed) == (HEIGHT, first.in_time_y)
    assert (first.in_time, first.missed) == (75, 25)
    assert len(drawn.open_lines) == 2
    assert chart([]).top == 1
