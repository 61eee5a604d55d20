"""Who is away, who stands in, and who is reached under a post on a day."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from accounts.errors import Forbidden, Refused
from accounts.models import Notice
from grids.absences import cancel_absence, holder_at, report_absence
from grids.models import Absence, Post
from tests.world import World

FRIDAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def held(world: World) -> Post:
    return Post.objects.select_related("user", "unit", "role").get(user=world.worker)


def away(world: World, held: Post, **more: Any) -> Absence:
    facts: dict[str, Any] = {"actor": world.worker, "starts_on": FRIDAY, "ends_on": FRIDAY + 2 * DAY, "at": NOON}
    return report_absence(held, **facts | more)


def refused(code: str, field: str | None = None) -> Any:
    return pytest.raises(Refused, check=lambda error: (error.code, error.field) == (code, field))


def test_the_stand_in_is_reached_for_these_days_and_knows_it(world: World, held: Post) -> None:
    absence = away(world, held, stand_in=world.worker2)
    assert away(world, held, stand_in=world.worker2) == absence  # sent twice
    assert [notice.user for notice in Notice.objects.all()] == [world.worker2]
    reached = [holder_at(held, FRIDAY + days * DAY) for days in (-1, 0, 2, 3)]
    assert reached == [(world.worker, False), (world.worker2, True), (world.worker2, True), (world.worker, False)]


def test_nobody_is_reached_where_nobody_is(world: World, held: Post) -> None:
    assert holder_at(held, held.starts_on - DAY) == (None, False)
    absence = away(world, held)
    assert holder_at(held, FRIDAY) == (None, False)
    cancel_absence(absence, actor=world.worker, at=NOON)
    away(world, held, stand_in=world.worker2)
    world.worker2.is_active = False
    world.worker2.save(update_fields=["is_active"])
    assert holder_at(held, FRIDAY) == (None, False)
    assert holder_at(Post.objects.get(user=world.worker2), FRIDAY) == (None, False)


def test_a_stand_in_who_goes_away_as_well_reaches_nobody(world: World, held: Post) -> None:
    away(world, held, stand_in=world.worker2)
    other = Post.objects.get(user=world.worker2)
    report_absence(other, actor=world.worker2, starts_on=FRIDAY + DAY, ends_on=FRIDAY + DAY, at=NOON)
    assert holder_at(held, FRIDAY) == (world.worker2, True)
    assert holder_at(held, FRIDAY + DAY) == (None, False)


def test_an_absence_cancelled_on_the_way_counts_for_the_days_before(world: World, held: Post) -> None:
    absence = away(world, held, stand_in=world.worker2)
    cancelled = cancel_absence(absence, actor=world.register, at=NOON + DAY)
    assert cancel_absence(absence, actor=world.worker, at=NOON + 2 * DAY).cancelled_at == cancelled.cancelled_at
    assert holder_at(held, FRIDAY) == (world.worker2, True)
    assert holder_at(held, FRIDAY + DAY) == (world.worker, False)
    assert Notice.objects.filter(user=world.worker2).count() == 2


def test_own_posts_by_oneself_others_by_who_manages_posts(world: World, held: Post) -> None:
    for actor in (world.worker2, world.outsider, world.leader):
        with pytest.raises(Forbidden):
            away(world, held, actor=actor)
    absence = away(world, held, actor=world.register)
    with pytest.raises(Forbidden):
        cancel_absence(absence, actor=world.worker2, at=NOON)


def test_days_and_stand_ins_must_make_sense(world: World, held: Post) -> None:
    with refused("past", "starts_on"):
        away(world, held, starts_on=FRIDAY - DAY)
    with refused("order", "ends_on"):
        away(world, held, ends_on=FRIDAY - DAY)
    for stand_in in (world.worker, world.outsider, world.admin):
        with refused("stand_in", "stand_in"):
            away(world, held, stand_in=stand_in)
    other = Post.objects.get(user=world.worker2)
    report_absence(other, actor=world.worker2, starts_on=FRIDAY, ends_on=FRIDAY, at=NOON)
    with refused("away", "stand_in"):
        away(world, held, stand_in=world.worker2)
    absence = away(world, held)
    with refused("overlap", "starts_on"):
        away(world, held, starts_on=FRIDAY + 2 * DAY, ends_on=FRIDAY + 4 * DAY)
    with refused("over"):
        cancel_absence(absence, actor=world.worker, at=NOON + 3 * DAY)
    held.ends_on = FRIDAY + 5 * DAY
    held.save(update_fields=["ends_on"])
    with refused("not_held", "starts_on"):
        away(world, held, starts_on=FRIDAY + 6 * DAY, ends_on=FRIDAY + 7 * DAY)
