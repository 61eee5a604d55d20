"""The catalogue: versions, what is refused, and the starting entries."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from accounts.errors import Refused
from accounts.models import User
from grids.catalogue import load_departments
from grids.models import Department
from incidents.models import Category
from incidents.services.catalogue import FILE, current, load_categories, retire_category, revise_category
from incidents.terms import Terms, terms_of

AT = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 3, 1, 0, tzinfo=UTC)


@pytest.fixture
def editor(db: None) -> User:
    load_departments()
    return User.objects.create_user("editor", name="管理员", password="correct-horse-staple")


@pytest.fixture
def group(editor: User) -> Category:
    return revise_category("90", terms=Terms(name="道路"), actor=editor, at=AT)


def lamp(**changes: object) -> Terms:
    """A reportable entry under the group 90."""
    terms = Terms(name="路灯不亮", level=2, lead=team("power"), assisting=(team("police"), team("enforcement")))
    return replace(terms, **changes)


def team(code: str) -> Department:
    return Department.objects.get(code=code)


def test_a_new_code_begins_with_version_1(group: Category, editor: User) -> None:
    entry = revise_category("9001", terms=lamp(), actor=editor, at=AT)
    assert (entry.version, entry.started_at, entry.started_by, entry.ended_at) == (1, AT, editor, None)
    assert [department.code for department in terms_of(entry).assisting] == ["enforcement", "police"]


def test_a_change_makes_a_version_and_ends_the_old_one(group: Category, editor: User) -> None:
    first = revise_category("9001", terms=lamp(), actor=editor, at=AT)
    second = revise_category("9001", terms=lamp(level=3), actor=editor, at=LATER)
    first.refresh_from_db()
    assert (first.level, first.ended_at, first.ended_by) == (2, LATER, editor)
    assert (second.version, second.level, second.started_at) == (2, 3, LATER)
    assert current("9001") == second


@pytest.mark.parametrize(
    "change",
    [
        {"assisting": ()},
        {"keywords": "路灯;黑"},
        {"is_common": True},
        {"limit_minutes": 60},
        {"description": "灯杆也算"},
    ],
)
def test_each_of_the_terms_makes_a_version(group: Category, editor: User, change: dict[str, object]) -> None:
    revise_category("9001", terms=lamp(), actor=editor)
    assert revise_category("9001", terms=lamp(**change), actor=editor).version == 2


def test_saying_the_same_again_writes_nothing(group: Category, editor: User) -> None:
    first = revise_category("9001", terms=lamp(), actor=editor, at=AT)
    same = lamp(name="  路灯不亮 ", assisting=(team("enforcement"), team("police"), team("power")))
    assert revise_category("9001", terms=same, actor=editor, at=LATER) == first
    assert Category.objects.filter(code="9001").count() == 1


@pytest.mark.parametrize(
    ("code", "change", "field"),
    [
        ("9x", {}, "code"),
        ("900", {}, "code"),
        ("90010203", {}, "code"),
        ("9101", {}, "code"),  # nothing to stand under
        ("9001", {"name": "   "}, "name"),
        ("9001", {"name": "字" * 61}, "name"),
        ("9001", {"level": 0}, "level"),
        ("9001", {"level": 5}, "level"),
        ("9001", {"lead": None}, "lead"),
        ("9001", {"limit_minutes": 0}, "limit_minutes"),
        ("9001", {"level": None, "assisting": ()}, "lead"),  # a group is led by nobody
        ("90", {}, "level"),  # entries stand below it
    ],
)
def test_terms_that_cannot_stand_are_refused_beside_the_field(
    group: Category, editor: User, code: str, change: dict[str, object], field: str
) -> None:
    revise_category("9002", terms=lamp(), actor=editor)
    with pytest.raises(Refused) as refusal:
        revise_category(code, terms=lamp(**change), actor=editor)
    assert refusal.value.field == field
    assert Category.objects.count() == 2


def test_nothing_stands_below_what_is_reported_under(group: Category, editor: User) -> None:
    revise_category("9001", terms=lamp(), actor=editor)
    with pytest.raises(Refused, match="9001"):
        revise_category("900101", terms=lamp(), actor=editor)


def test_a_retired_entry_ends_and_may_come_back(group: Category, editor: User) -> None:
    revise_category("9001", terms=lamp(), actor=editor, at=AT)
    retire_category("9001", actor=editor, at=LATER)
    retire_category("9001", actor=editor)  # again: nothing happens
    ended = Category.objects.get(code="9001")
    assert (ended.ended_at, ended.ended_by) == (LATER, editor)
    assert revise_category("9001", terms=lamp(), actor=editor).version == 2


def test_a_group_is_retired_after_its_entries(group: Category, editor: User) -> None:
    revise_category("9001", terms=lamp(), actor=editor)
    with pytest.raises(Refused, match="9001"):
        retire_category("90", actor=editor)
    retire_category("9001", actor=editor)
    retire_category("90", actor=editor)
    assert current("90") is None


def test_the_starting_catalogue_loads_once(editor: User) -> None:
    added = load_categories(at=AT)
    assert added == Category.objects.count() >= 60
    assert load_categories() == 0
    assert set(Category.objects.exclude(level=None).values_list("level", flat=True)) == {1, 2, 3, 4}
    assert not Category.objects.exclude(level=None).filter(lead=None).exists()


def test_loading_again_leaves_what_the_administrator_changed(editor: User) -> None:
    load_categories()
    entry = Category.objects.exclude(level=None).get(code="020101")
    revise_category("020101", terms=replace(terms_of(entry), level=1), actor=editor)
    retire_category("020102", actor=editor)
    assert load_categories() == 0
    assert Category.objects.get(code="020101", ended_at=None).level == 1


def test_a_missing_department_is_named_with_its_row_and_nothing_is_loaded(editor: User) -> None:
    Department.objects.filter(code="gas").update(is_active=False)
    with pytest.raises(Refused, match=r"^第 \d+ 行，主办部门：.*gas"):
        load_categories()
    assert not Category.objects.exists()


def test_a_file_with_its_entries_before_their_groups_loads(editor: User, tmp_path: Path) -> None:
    header, *rows = FILE.read_text().splitlines()
    upside_down = tmp_path / "categories.csv"
    upside_down.write_text("\n".join([header, *reversed(rows)]))
    assert load_categories(upside_down) == len(rows)
