"""Units and posts as files: what is exported comes back unchanged, and the services judge the rest."""

from datetime import date

from tablib import Dataset

from grids.models import Kind, Post, Unit, UnitChange
from grids.unit_sheets import PostSheet, UnitSheet


def take(sheet: type, user, headers: list[str], *rows: list) -> list[str]:
    data = Dataset(*rows, headers=headers)
    result = sheet().import_data(data, rollback_on_validation_errors=True, user=user)
    assert not result.base_errors, result.base_errors[0].error
    assert not result.error_rows, result.error_rows[0].errors[0].error
    return [message for row in result.invalid_rows for message in row.error.messages]


def test_what_is_exported_comes_back_unchanged(world):
    for sheet in (UnitSheet, PostSheet):
        exported = sheet().export()
        result = sheet().import_data(exported, user=world.admin)
        assert result.totals["skip"] == len(exported.dict) > 10, sheet
    assert not UnitChange.objects.filter(reason="从文件导入").exists()


def test_a_file_adds_and_changes_units(world):
    headers = ["上级编码", "编码", "层级", "名称", "类型"]
    rows = [
        [world.grid_1.code, "", "微网格", "后洋小区", "stairwell"],
        [world.grid_1.code, world.micro_1.code, "", "东门微网格", "villager_group"],
    ]
    rows[0][2] = Kind.MICRO_GRID

    assert take(UnitSheet, world.register, headers, *rows) == []
    made = Unit.objects.get(name="后洋小区")
    assert (made.parent, made.form, made.community) == (world.grid_1, "stairwell", world.community_1)
    assert Unit.objects.get(pk=world.micro_1.pk).name == "东门微网格"


def test_a_file_reaches_no_further_than_the_post_of_its_sender(world):
    headers = ["上级编码", "编码", "层级", "名称"]
    told = take(UnitSheet, world.register, headers, [world.grid_b.code, "", "micro_grid", "别处"])
    told += take(UnitSheet, world.register, headers, ["", world.micro_b.code, "", "改名"])
    told += take(UnitSheet, world.register, headers, ["999", "", "micro_grid", "无处"])
    told += take(UnitSheet, world.register, headers, [world.grid_1.code, "", "household", "门"])
    assert len(told) == 4
    assert not Unit.objects.filter(name__in=["别处", "改名", "无处", "门"]).exists()


def test_a_file_gives_and_ends_posts(world):
    headers = ["账号", "角色编码", "网格编码", "起始日期", "截止日期"]
    rows = [
        ["worker2", "volunteer", world.grid_1.code, "2026/2/1", ""],
        ["worker", "nobody", world.grid_1.code, "", ""],
    ]
    assert len(take(PostSheet, world.register, headers, *rows)) == 1
    assert take(PostSheet, world.register, headers, rows[0]) == []
    made = Post.objects.get(user=world.worker2, role__code="volunteer")
    assert (made.unit, made.starts_on, made.given_by) == (world.grid_1, date(2026, 2, 1), world.register)

    ended = ["worker2", "volunteer", world.grid_1.code, "2026-02-01", "2030-12-31"]
    assert take(PostSheet, world.register, headers, ended) == []
    made.refresh_from_db()
    assert made.ends_on == date(2030, 12, 31)


def test_nobody_gives_posts_outside_their_own_area(world):
    headers = ["账号", "角色编码", "网格编码", "起始日期"]
    [told] = take(PostSheet, world.register, headers, ["worker", "volunteer", world.grid_b.code, "2026-02-01"])
    assert told
    assert not Post.objects.filter(unit=world.grid_b, role__code="volunteer").exists()
