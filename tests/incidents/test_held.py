"""Who held an incident, and for how long."""

from datetime import timedelta

import pytest
from django.utils import translation

from incidents.held import Lead, Move, spells, strip
from tests.incidents.stages import HOUR, MINUTE, NINE

TEAM = Lead("城管队", NINE + HOUR, None)
GONE = Lead("城管队", NINE + HOUR, NINE + 2 * HOUR)
POLICE = Lead("派出所", NINE + 2 * HOUR, None)


def at(hours, status):
    return Move(NINE + hours * HOUR, status)


@pytest.mark.parametrize(
    ("moves", "leads", "expected"),
    [
        ([at(0, "reported")], [], [("Command room", 10, True)]),
        (
            [at(0, "reported"), at(1, "dispatched"), at(3, "in_progress"), at(4, "handled"), at(5, "closed")],
            [TEAM],
            [("Command room", 1, False), ("城管队", 3, False), ("Verifiers", 1, False)],
        ),
        (
            [at(0, "reported"), at(1, "dispatched"), at(2, "dispatched")],
            [GONE, POLICE],
            [("Command room", 1, False), ("城管队", 1, False), ("派出所", 8, True)],
        ),
        (
            [at(0, "reported"), at(1, "dispatched"), at(2, "returned"), at(5, "void")],
            [GONE],
            [("Command room", 1, False), ("城管队", 1, False), ("Command room", 3, False)],
        ),
        (
            [at(1, "in_progress"), at(2, "closed"), at(3, "archived"), at(4, "in_progress")],
            [TEAM],
            [("城管队", 1, False), ("城管队", 6, True)],
        ),
        ([Move(NINE, "reported"), Move(NINE, "closed")], [], []),
        (
            [Move(NINE + HOUR, "reported"), Move(NINE + HOUR + MINUTE / 2, "dispatched")],
            [TEAM],
            [("城管队", 9, True)],
        ),
    ],
)
def test_each_hand_holds_it_from_one_move_to_the_next(moves, leads, expected):
    with translation.override("en"):
        found = spells(moves, leads, at=NINE + 10 * HOUR)
    assert [(each.holder, round(each.length / HOUR), each.is_present) for each in found] == expected


def test_what_it_stood_still_is_said_and_stays_with_the_holder():
    (found,) = spells([at(1, "in_progress"), at(2, "suspended"), at(5, "in_progress")], [TEAM], at=NINE + 6 * HOUR)
    assert (found.length, found.stood_still) == (5 * HOUR, 3 * HOUR)


def test_the_strip_is_whole_and_shows_the_short_ones():
    moves = [at(0, "reported"), Move(NINE + 2 * MINUTE, "dispatched"), Move(NINE + timedelta(days=9), "handled")]
    leads = [Lead("城管队", NINE + 2 * MINUTE, None)]
    found = strip(spells(moves, leads, at=NINE + timedelta(days=10)))

    assert found[0].width >= 0.9
    assert found[-1].x + found[-1].width == pytest.approx(100, abs=0.1)
    assert strip([]) == []
