"""Other names and facts for a unit."""

import pytest

from grids import tree
from grids.models import Form, UnitChange, Use
from tests.grids.acts import BECAUSE, changes_of, fresh, refused
from tests.world import World


def test_a_new_name_keeps_the_code_and_the_old_name_in_the_history(world: World) -> None:
    renamed = tree.rename_unit(world.micro_1, name="新村三组", actor=world.register, reason="按村民习惯")
    assert (renamed.name, renamed.code) == ("新村三组", world.micro_1.code)
    change = UnitChange.objects.filter(unit=world.micro_1).latest("pk")
    assert (change.what, change.before, change.after) == ("renamed", {"name": "1微网格"}, {"name": "新村三组"})


def test_several_facts_are_one_change_that_names_only_what_changed(world: World) -> None:
    tree.edit_unit(
        world.micro_1, name="1微网格", form=Form.MARKET, use=Use.DEDICATED, responsible_org="新村市场", **BECAUSE
    )
    change = UnitChange.objects.filter(unit=world.micro_1).latest("pk")
    assert change.what == "edited"
    assert change.before == {"form": "villager_group", "use": "residential", "responsible_org": ""}
    assert change.after == {"form": "market", "use": "dedicated", "responsible_org": "新村市场"}


def test_asking_for_the_present_facts_changes_nothing(world: World) -> None:
    tree.edit_unit(world.micro_1, name=" 1微网格 ", form=Form.VILLAGER_GROUP, **BECAUSE)
    assert changes_of(world.micro_1) == ["made"]


def test_a_siblings_name_is_refused_but_a_cousins_is_free(world: World) -> None:
    with refused("name_taken", "name"):
        tree.rename_unit(world.micro_1, name="2微网格", **BECAUSE)
    assert tree.rename_unit(world.micro_1, name="3微网格", **BECAUSE).name == "3微网格"
    with refused("name_taken", "name"):
        tree.rename_unit(world.street_a, name="新碶街道", **BECAUSE)


def test_a_dedicated_grid_cant_lose_its_organisation(world: World) -> None:
    with refused("responsible_org_missing", "responsible_org"):
        tree.edit_unit(world.micro_8, responsible_org=" ", **BECAUSE)


def test_a_retired_unit_stays_as_it_was(world: World) -> None:
    tree.retire_unit(world.micro_2, **BECAUSE)
    with refused("retired"):
        tree.rename_unit(world.micro_2, name="改名", **BECAUSE)
    assert fresh(world.micro_2).name == "2微网格"


def test_only_facts_are_edited(world: World) -> None:
    with pytest.raises(TypeError, match="code"):
        tree.edit_unit(world.micro_1, code="1", **BECAUSE)
