"""Streets and communities from the statistical list."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from grids import tree
from grids.divisions import BadDivisions, everyday_name, import_divisions, parse_divisions, read_divisions
from grids.models import District, Kind, Unit, UnitChange
from tests.grids.acts import BECAUSE, assert_sound

BEILUN = Path(__file__).parents[2] / "grids/catalogue/divisions/ningbo_beilun_330206.csv"
HEAD = "area_code,area,street_code,street,village_code,village\n"
ROW = "330206,北仑区,330206003,大碶街道,330206003201,高田王村委会\n"


def load(text: str) -> None:
    import_divisions(parse_divisions(text, "330206"), "330206", actor=None)


@pytest.mark.django_db
def test_beilun_has_its_12_streets_and_232_communities() -> None:
    call_command("import_divisions", str(BEILUN), "--district", "330206")
    assert District.objects.get().name == "北仑区"
    assert Unit.objects.filter(kind=Kind.STREET).count() == 12
    communities = Unit.objects.filter(kind=Kind.COMMUNITY)
    assert (communities.count(), communities.filter(form="village").count()) == (232, 154)
    assert Unit.objects.get(code="330206001001").name == "海湾社区"
    assert_sound()


@pytest.mark.django_db
def test_the_same_file_twice_adds_nothing_and_keeps_new_names() -> None:
    load(HEAD + ROW)
    tree.rename_unit(Unit.objects.get(code="330206003201"), name="王家村", **BECAUSE)
    before = UnitChange.objects.count()
    load(HEAD + ROW)
    assert UnitChange.objects.count() == before
    assert Unit.objects.get(code="330206003201").name == "王家村"


@pytest.mark.django_db
def test_a_longer_list_adds_what_is_new() -> None:
    load(HEAD + ROW)
    load(HEAD + ROW + "330206,北仑区,330206003,大碶街道,330206003001,学苑社区居委会\n")
    assert set(Unit.objects.filter(kind=Kind.COMMUNITY).values_list("name", "form")) == {
        ("高田王村", "village"),
        ("学苑社区", "residents"),
    }
    assert_sound()


@pytest.mark.django_db
def test_a_dry_run_writes_nothing() -> None:
    call_command("import_divisions", str(BEILUN), "--district", "330206", "--dry-run")
    assert not District.objects.exists()
    assert not Unit.objects.exists()


@pytest.mark.django_db
def test_two_committees_of_one_place_keep_their_full_names() -> None:
    load(HEAD + ROW + "330206,北仑区,330206003,大碶街道,330206003202,高田王村民委员会\n")
    assert set(Unit.objects.filter(kind=Kind.COMMUNITY).values_list("name", flat=True)) == {
        "高田王村",
        "高田王村民委员会",
    }


@pytest.mark.parametrize(
    ("official", "everyday"),
    [
        ("高田王村委会", "高田王村"),
        ("高田王村村委会", "高田王村"),
        ("横山村民委员会", "横山村"),
        ("横山村村民委员会", "横山村"),
        ("海湾居委会", "海湾社区"),
        ("富春社区居委会", "富春社区"),
        ("富春社区居民委员会", "富春社区"),
        ("牌门社区", "牌门社区"),
        (" 新 村 ", "新村"),
        ("保税区生活区", "保税区生活区"),
        ("居委会", "居委会"),
    ],
)
def test_a_place_is_called_by_its_own_name_not_its_committees(official: str, everyday: str) -> None:
    assert everyday_name(official) == everyday


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("area_code,area,street_code,street,village\n", "village_code"),
        ("", "village_code"),
        (HEAD + ROW.replace("330206003201", "33020600320"), "2.*village_code.*33020600320.*12"),
        (HEAD + ROW.replace("330206003201", "330206004201"), "2.*village_code.*330206003"),
        (HEAD + ROW.replace(",330206003,", ",330205003,"), "2.*street_code"),
        (HEAD + ROW + ROW.replace("高田王村委会", ""), "3.*village"),
        (HEAD + ROW + ROW.replace("高田王", "另一个"), "3.*village_code.*2"),
        (HEAD + "330206,北仑区\n", "2.*street"),
        (HEAD + ROW.replace("330206,", "330205,", 1), "330206"),
    ],
)
def test_a_bad_file_is_refused_with_row_and_column(text: str, says: str) -> None:
    with pytest.raises(BadDivisions, match=says):
        parse_divisions(text, "330206")


def test_a_file_in_another_encoding_says_in_which_row(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes((HEAD + ROW).encode("gb18030"))
    with pytest.raises(BadDivisions, match=r"2.*UTF-8"):
        read_divisions(path, "330206")


def test_a_file_with_a_byte_order_mark_is_fine(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(HEAD + ROW, encoding="utf-8-sig")
    assert [division.name for division in read_divisions(path, "330206")] == ["高田王村委会"]


@pytest.mark.django_db
def test_nothing_stays_half_written(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    row = "330206,北仑区,330206004,新碶街道,330206004901,不在名录的社区\n"
    path.write_text(HEAD + ROW + row, encoding="utf-8")
    with pytest.raises(CommandError, match="900"):
        call_command("import_divisions", str(path), "--district", "330206")
    assert not Unit.objects.exists()
    with pytest.raises(CommandError):
        call_command("import_divisions", str(tmp_path / "missing.csv"), "--district", "330206")
