"""The leader's page and its brief: five numbers against last week, five places that need help, what burns."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import translation
from docx import Document

from dispatch.close_out import close_day
from dispatch.overview.board import Show
from dispatch.overview.places_in_need import MOST_PLACES, Pressing, places_in_need
from incidents import services
from tests.dispatch.moments import friday, on
from tests.incidents import stages
from tests.query_counts import query_count
from tests.world import post

AT = friday("14:00")
HOUR = timedelta(hours=1)


def needs(*rows):
    with translation.override("en"):
        return [(need.place, need.reasons) for need in places_in_need(rows, at=AT)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], []),
        ([Pressing(1, 2, "in_progress", AT - 2 * HOUR)], [(1, ["1 overdue, by 2 h 00 min"])]),
        (
            [Pressing(1, 2, "dispatched", AT - HOUR), Pressing(1, 3, "in_progress", AT - 3 * HOUR)],
            [(1, ["2 overdue, the oldest by 3 h 00 min", "1 of them not signed", "1 of level 3 and up"])],
        ),
        ([Pressing(1, 4, "suspended", None)], [(1, ["1 of level 3 and up"])]),
        ([Pressing(1, 2, "in_progress", AT + HOUR)], [(1, ["1 due before the close-out"])]),
    ],
)
def test_the_need_of_a_place_is_said_in_words(rows, expected):
    assert needs(*rows) == expected


def test_the_place_with_the_most_need_stands_first_and_five_are_named():
    rows = [Pressing(1, 2, "in_progress", AT + HOUR), Pressing(2, 3, "in_progress", AT + HOUR)]
    rows += [Pressing(3, 2, "in_progress", AT - HOUR), Pressing(4, 2, "in_progress", AT - 2 * HOUR)]
    rows += [Pressing(place, 2, "in_progress", AT + HOUR) for place in (5, 6, 7)]

    assert [place for place, _reasons in needs(*rows)] == [4, 3, 2, 1, 5]
    assert len(needs(*rows)) == MOST_PLACES


@pytest.fixture
def week(town, stop_clock):
    """An overdue one and a serious one of last week's Friday, and two overdue ones of today; it is Friday 14:00."""
    before = on("2026-11-13", "09:00")
    old = stages.report(town, level=1, at=before)
    services.settle(old, actor=town.worker, measures="已劝离。", at=before + 6 * HOUR)
    stages.report(town, level=3, unit=town.micro_5, actor=town.command, at=friday("13:50"))
    for unit in (town.micro_1, town.micro_2):
        stages.report(town, level=1, unit=unit, at=friday("09:00"))
    stop_clock(AT)
    return town


def test_the_leader_sees_numbers_places_and_what_burns_each_leading_to_its_cases(week, client):
    client.force_login(week.leader)
    with query_count("dispatch:leader"):
        answer = client.get(reverse("dispatch:leader"))
    found = answer.context["found"]

    assert [(each.name, each.now, each.before) for each in found.numbers] == [
        (Show.OPEN, 3, 1),
        (Show.OVERDUE, 2, 1),
        (Show.DUE, 1, 0),
        (Show.CLOSED, 0, 0),
        (Show.SERIOUS, 1, 0),
    ]
    assert [(place.unit, place.need.cases) for place in found.places] == [(week.community_1, 2), (week.community_2, 1)]
    assert [incident.level for incident in found.burning] == [3, 1, 1]
    for tile, count in zip(answer.context["tiles"], (3, 2, 1, 0, 1), strict=True):
        assert client.get(tile["url"]).context["page"].paginator.count == count
    cases = client.get(reverse("dispatch:leader_cases", args=[week.community_1.code]))
    assert cases.context["page"].paginator.count == 2
    assert week.worker.name not in answer.text


def test_a_departments_head_reads_nothing_of_the_whole_streets_close_out(week, client):
    close_day(AT.date() - timedelta(days=1), AT)
    head = post("head", "何负责", "department_head", week.enforcement)
    for reader, close in ((week.leader, True), (head, False)):
        client.force_login(reader)
        answer = client.get(reverse("dispatch:leader"))
        assert bool(answer.context["closed_in_words"]) == close
        sheet = client.get(reverse("dispatch:leader_brief"))
        assert len(sheet.context["brief"].sentences) == 1 + close


def test_the_brief_is_a_sheet_and_a_document_without_words_of_residents(week, client):
    client.force_login(week.leader)
    sheet = client.get(reverse("dispatch:leader_brief"))
    file = client.get(reverse("dispatch:leader_brief_file"))
    document = Document(BytesIO(b"".join(file.streaming_content)))
    words = [
        *(p.text for p in document.paragraphs),
        *(c.text for t in document.tables for r in t.rows for c in r.cells),
    ]

    assert "大碶街道" in words[0]
    assert "高田王村" in sheet.text
    assert any("高田王村" in each for each in words)
    assert len(document.tables) == 3
    assert not any("旧家具" in each for each in [*words, sheet.text])


@pytest.mark.parametrize("url", ["leader", "leader_brief", "leader_brief_file"])
def test_the_page_is_for_holders_of_a_board_and_of_their_own_area(world, client, url):
    client.force_login(world.worker)
    assert client.get(reverse(f"dispatch:{url}")).status_code == 403
    client.force_login(world.district_officer)
    assert client.get(reverse(f"dispatch:{url}")).status_code == 200
    client.force_login(world.leader)
    name = url.replace("leader", "leader_unit", 1)
    assert client.get(reverse(f"dispatch:{name}", args=[world.community_1.code])).status_code == 200
    for unit in (world.street_b, world.household_1):
        assert client.get(reverse(f"dispatch:{name}", args=[unit.code])).status_code == 404


def test_a_calm_day_says_so(world, client):
    client.force_login(world.leader)
    answer = client.get(reverse("dispatch:leader"))
    assert not answer.context["found"].places
    assert "empty-title" in answer.text
