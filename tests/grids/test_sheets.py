"""Roles and departments as sheets."""

import pytest
from tablib import Dataset

from dispatch.models import LimitRule
from dispatch.resources.limits import LimitRuleResource
from grids.models import Department, Role
from grids.resources import DepartmentResource, RoleResource
from tests.world import World


def take(resource: type, headers: list[str], *rows: list[object]) -> list[str]:
    result = resource().import_data(Dataset(*rows, headers=headers), rollback_on_validation_errors=True)
    assert not result.base_errors
    assert not result.error_rows
    return [message for row in result.invalid_rows for message in row.error.messages]


@pytest.mark.parametrize("resource", [DepartmentResource, RoleResource])
def test_what_is_exported_comes_back_unchanged(world: World, resource: type) -> None:
    exported = resource().export()
    result = resource().import_data(exported)
    assert result.totals["skip"] == len(exported.dict) > 10


def test_a_department_is_added_and_another_put_out_of_use(world: World) -> None:
    headers = ["编码", "名称", "街道编码", "在用"]
    told = take(DepartmentResource, headers, ["lifts", "电梯维保站", "", ""], ["police", "派出所", "330206003", "否"])
    assert told == []
    assert Department.objects.get(code="lifts").street is None
    assert not Department.objects.get(code="police").is_active


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["a b", "队", "", ""], "第 2 行，编码："),
        (["new", "", "", ""], "第 2 行，名称："),
        (["new", "队", "330206003201", ""], "第 2 行，街道编码：没有编码为“330206003201”的街道。"),
        (["new", "队", "", "大概"], "第 2 行，在用：请填“是”或“否”。"),
    ],
)
def test_a_bad_department_is_told_by_line_and_column(world: World, row: list[object], told: str) -> None:
    [message] = take(DepartmentResource, ["编码", "名称", "街道编码", "在用"], row)
    assert message.startswith(told)


def test_abilities_are_checked(world: World) -> None:
    headers = ["编码", "名称", "权限"]
    assert take(RoleResource, headers, ["doctor", "村医", "report；handle"]) == []
    assert Role.objects.get(code="doctor").abilities == ["report", "handle"]
    [message] = take(RoleResource, headers, ["doctor", "村医", "fly"])
    assert message.startswith("第 2 行，权限：无法识别的权限：fly。")


def test_limits_come_and_go_as_a_sheet(world: World) -> None:
    headers = ["时钟", "最低级别", "最高级别", "类别编码", "数量", "时刻"]
    assert take(LimitRuleResource, headers, ["办理", 2, 2, "", 360, ""], ["close_out", 1, 4, "", "", "16:00:00"]) == []
    assert LimitRuleResource().import_data(LimitRuleResource().export()).totals["skip"] == 2
    assert take(LimitRuleResource, headers, ["办理", 2, 2, "", 0, ""]) != []
    assert take(LimitRuleResource, headers, ["办理", 2, 2, "", "", ""]) != []
    [message] = take(LimitRuleResource, headers, ["睡觉", 1, 4, "", 5, ""])
    assert message.startswith("第 2 行，时钟：无法识别“睡觉”")
    assert list(LimitRule.objects.filter(clock="handle").values_list("amount", flat=True)) == [360]
