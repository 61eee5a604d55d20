"""What may be the same thing: a small labelled set with traps. Same words elsewhere; another matter there."""

from datetime import timedelta

import pytest

from grids.models import Unit
from incidents import services
from incidents.models import Category, Incident
from incidents.selectors import visible_to
from incidents.services import Draft
from tagging.duplicates import likely_duplicates
from tests.incidents.stages import HOUR, NINE
from tests.world import BEGAN_AT, World

KINDS = {"020101": "路灯不亮", "020204": "污水外溢", "0401": "楼道堆物", "0404": "违规充电", "0501": "邻里纠纷"}
LAMP, DRAIN, CLUTTER, CHARGING, QUARREL = KINDS

FIRST = (
    ("lamp", "micro_1", LAMP, "村口的路灯不亮，晚上走路看不清", "村口"),
    ("drain", "micro_1", DRAIN, "下水道堵塞，污水流到路面，味道很大", ""),
    ("clutter", "micro_5", CLUTTER, "3幢楼道口堆满纸箱和旧家具，两个人错不开身", "3幢"),
    ("charging", "micro_5", CHARGING, "有人从五楼拉线下来给电瓶车充电", ""),
    ("quarrel", "micro_3", QUARREL, "两户为门口停车位争了一个星期，吵得很凶", ""),
)
"""Open since nine: what, where, of which kind, in which words, where exactly."""
SECOND = (
    # The same thing, told otherwise, by another kind, or from the grid above.
    ("micro_1", LAMP, "村口那盏路灯晚上不亮，老人走路看不清", "村口", HOUR, "lamp"),
    ("micro_1", LAMP, "路灯坏了，村口一片黑", "", 26 * HOUR, "lamp"),
    ("micro_2", LAMP, "村口路灯不亮", "村口", HOUR, "lamp"),
    ("micro_1", DRAIN, "污水从下水道冒出来，流到路面上了", "", HOUR, "drain"),
    ("grid_1", DRAIN, "下水道堵塞，污水流到路面", "", HOUR, "drain"),
    ("micro_5", CLUTTER, "3幢楼道堆满了旧家具和纸箱", "", 5 * HOUR, "clutter"),
    ("micro_5", QUARREL, "从五楼拉线下来给电瓶车充电，跟楼下吵起来，有人从五楼拉线下来", "", HOUR, "charging"),
    ("micro_3", QUARREL, "为门口停车位又吵起来了，争了好几天", "", 20 * HOUR, "quarrel"),
    # The same words at another place.
    ("micro_3", LAMP, "村口的路灯不亮，晚上走路看不清", "", HOUR, None),
    ("micro_2", DRAIN, "下水道堵塞，污水流到路面，味道很大", "", HOUR, None),
    ("micro_6", CLUTTER, "楼道口堆满纸箱和旧家具，两个人错不开身", "", HOUR, None),
    ("micro_5", CLUTTER, "5幢楼道口堆满纸箱和旧家具，两个人错不开身", "5幢", HOUR, None),
    # The same place, another matter.
    ("micro_1", CHARGING, "门厅停了六辆电动车，都在充电", "", HOUR, None),
    ("micro_5", QUARREL, "楼上半夜拖椅子，楼下睡不着，两家闹僵了", "", HOUR, None),
    ("micro_3", QUARREL, "邻居养鸡，天没亮就打鸣", "", HOUR, None),
    # The same thing, but long ago: another occasion.
    ("micro_1", LAMP, "村口的路灯不亮，晚上走路看不清", "村口", timedelta(days=9), None),
)
"""Reported later: … how much later, and which of the first it is, if any."""
LEAST_PRECISION = 0.85
LEAST_RECALL = 0.85


@pytest.fixture
def kinds(world: World) -> dict[str, Category]:
    return {
        code: Category.objects.create(code=code, name=name, level=1, lead=world.enforcement, started_at=BEGAN_AT)
        for code, name in KINDS.items()
    }


def report(world: World, kinds, place: str, code: str, text: str, spot: str, at=NINE) -> Incident:
    unit: Unit = getattr(world, place)
    draft = Draft(unit=unit, category=kinds[code], description=text, place_note=spot)
    return services.report_incident(draft, actor=world.command, at=at)


def test_precision_on_the_labelled_set(world: World, kinds) -> None:
    known = {report(world, kinds, *row).pk: name for name, *row in FIRST}
    first = Incident.objects.filter(pk__in=known)
    found, wanted, right, wrong = 0, 0, 0, []
    for place, code, text, spot, later, truth in SECOND:
        unit: Unit = getattr(world, place)
        typed = Incident(
            category=kinds[code], description=text, place_note=spot, unit=unit, reported_at=NINE + later,
            street=unit.street, community=unit.community, grid=unit.grid, micro_grid=unit.micro_grid,
        )  # fmt: skip
        said = [known[like.incident.pk] for like in likely_duplicates(typed, among=first)]
        found, wanted = found + len(said), wanted + (truth is not None)
        right += truth in said
        wrong += [(text, said, truth)] if said != ([truth] if truth else []) else []
    assert right / found >= LEAST_PRECISION, wrong
    assert right / wanted >= LEAST_RECALL, wrong


def test_each_says_why_and_nobody_is_shown_what_they_may_not_see(world: World, kinds) -> None:
    first = report(world, kinds, "micro_1", LAMP, "村口的路灯不亮，晚上看不清", "村口")
    again = report(world, kinds, "micro_1", LAMP, "村口路灯不亮了", "村口", at=NINE + HOUR)

    (like,) = likely_duplicates(again, among=visible_to(world.command))

    assert like.incident == first
    assert "路灯不亮" in like.because
    assert likely_duplicates(again, among=visible_to(world.outsider)) == []
    services.void(first, actor=world.command, note="误报", at=NINE + HOUR)
    assert likely_duplicates(again, among=visible_to(world.command)) == []
