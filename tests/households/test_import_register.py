"""The command: preview, apply, and what it says to people and to programs."""

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from grids.models import Unit
from households.models import RegisterLoad, Resident
from tests.households import loads
from tests.households.homes import card
from tests.households.loads import FAMILY, line
from tests.world import World

pytestmark = pytest.mark.django_db
BROKEN = line(3, "钱不对", "330206199001011231")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "台账.csv"
    path.write_bytes(loads.csv(*FAMILY, BROKEN).getvalue())
    return path


def run(file: Path, *options: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, the JSON object, and what went to stderr."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    try:
        call_command("import_register", str(file), "--json", *options, stdout=out, stderr=err)
    except SystemExit as end:
        code = int(str(end.code))
    return code, json.loads(out.getvalue() or "{}"), err.getvalue()


def test_a_preview_counts_and_leaves_nothing_behind(world: World, file: Path) -> None:
    code, said, _err = run(file, "--street", world.street_a.code)
    assert code == 0
    assert {name: said[name] for name in ("new", "changed", "unchanged", "moved", "gone", "refused", "doubtful")} == {
        **dict.fromkeys(("changed", "unchanged", "moved", "gone", "doubtful"), 0),
        "new": 3,
        "refused": 1,
    }
    mapped = {column["header"]: column["field"] for column in said["mapping"]}
    assert (mapped["姓名"], mapped["身份证号"], mapped["微网格"]) == ("name", "number", "micro_grid")
    assert said["seconds"] > 0
    assert not Resident.objects.exists()
    load = RegisterLoad.objects.get()
    assert (load.state, load.made_by) == (RegisterLoad.State.DISCARDED, None)


def test_the_error_workbook_lies_beside_the_file_for_its_owner_alone(world: World, file: Path) -> None:
    _code, said, _err = run(file, "--street", world.street_a.code)
    workbook = Path(said["error_workbook"])
    assert workbook.parent == file.parent
    assert workbook.stat().st_mode & 0o777 == 0o600
    cells = [cell for row in openpyxl.load_workbook(workbook).active.iter_rows(values_only=True) for cell in row]
    assert "钱不对" in cells
    assert "王大明" not in cells


def test_applying_writes_and_a_second_time_changes_nothing(world: World, file: Path) -> None:
    code, said, _err = run(file, "--street", world.street_a.code, "--apply")
    assert (code, said["state"], Resident.objects.count()) == (0, "applied", 3)
    code, said, err = run(file, "--street", world.street_a.code, "--apply")
    assert (code, said["unchanged"], said["new"], Resident.objects.count()) == (0, 3, 0, 3)
    assert str(RegisterLoad.objects.order_by("pk")[0].pk) in err


def test_who_is_gone_moves_out_only_when_told(world: World, file: Path) -> None:
    run(file, "--street", world.street_a.code, "--apply")
    file.write_bytes(loads.csv(FAMILY[0], FAMILY[2]).getvalue())
    run(file, "--street", world.street_a.code, "--apply")
    assert not Resident.objects.exclude(moved_out_on=None).exists()
    _code, said, _err = run(file, "--street", world.street_a.code, "--apply", "--gone", "move_out")
    assert (said["gone"], Resident.objects.exclude(moved_out_on=None).get().name) == (1, "李小红")


def test_missing_places_are_added_when_told(world: World, file: Path) -> None:
    file.write_bytes(loads.csv(line(1, "王大明", card(), place="高田王村,1网格,老祠堂")).getvalue())
    _code, said, _err = run(file, "--street", world.street_a.code)
    assert (said["refused"], said["open_places"]) == (1, 1)
    code, said, _err = run(file, "--street", world.street_a.code, "--apply", "--add-places")
    assert (code, said["new"]) == (0, 1)
    assert Unit.objects.filter(name="老祠堂", parent=world.grid_1).exists()


def test_what_is_no_register_ends_with_its_own_code(world: World, file: Path) -> None:
    file.write_bytes(loads.csv("电脑,3,台", header="物资名称,数量,单位").getvalue())
    code, said, _err = run(file)
    assert (code, said["state"], bool(said["refusal"])) == (1, "refused", True)
    file.write_bytes(b"")
    assert run(file)[0] == 1


def test_nothing_usable_is_told_from_applied(world: World, file: Path) -> None:
    file.write_bytes(loads.csv(BROKEN).getvalue())
    assert run(file, "--street", world.street_a.code, "--apply")[0] == 3


@pytest.mark.parametrize("options", [("--street", "999999999"), ()])
def test_wrong_arguments_say_so(world: World, file: Path, options: tuple[str, ...]) -> None:
    path = file if options else file.with_name("there-is-none.xlsx")
    with pytest.raises(CommandError) as error:
        call_command("import_register", str(path), *options)
    assert error.value.returncode == 2


def test_people_read_sentences(world: World, file: Path, django_capture_on_commit_callbacks: Any) -> None:
    out = io.StringIO()
    with django_capture_on_commit_callbacks(execute=True):
        call_command("import_register", str(file), "--street", world.street_a.code, stdout=out, stderr=io.StringIO())
    assert "姓名" in out.getvalue()
    assert not default_storage.exists(f"registers/{RegisterLoad.objects.get().key}")
