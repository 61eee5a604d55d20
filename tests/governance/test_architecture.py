"""The shape of the code, read from its own syntax: who imports whom, who writes what, and how large things get."""

import ast
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
ORDER = ("clock", "accounts", "grids", "households", "incidents", "tagging", "dispatch", "public", "governance")
"""Each app imports those before it, never those after it."""
STEPS_OF_LOADING = {
    "files": set(),
    "cleaning": {"files"},
    "placing": {"cleaning"},
    "recognition": {"files", "cleaning"},
    "staging": set(),
    "comparison": {"files", "staging"},
    "writing": {"placing", "staging", "comparison"},
    "workbooks": {"files", "cleaning", "recognition"},
}
"""What each step of loading a register may know of the others; `runs` knows them all."""
MOST_LINES = 400
MOST_LINES_OF_A_FUNCTION = 60


def files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in sorted((ROOT / folder).rglob("*.py")) if "migrations" not in path.parts)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(ast.parse(path.read_text(), filename=str(path))))


@pytest.fixture(scope="module", autouse=True)
def _forget_the_code() -> Iterator[None]:
    """A million nodes, which every look for garbage would go through for the rest of the run."""
    yield
    nodes.cache_clear()


def imported(path: Path) -> Iterator[tuple[int, str]]:
    """Line and module of every import, also of those inside functions."""
    package = name_of(path).removesuffix(".py").split("/")[:-1]
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            yield node.lineno, ".".join([*above, node.module or ""])


@pytest.mark.parametrize("app", ORDER)
def test_an_app_imports_only_the_apps_below_it(app: str) -> None:
    above = set(ORDER[ORDER.index(app) + 1 :]) | {"tests"}
    backwards = [
        f"{name_of(path)}:{line} imports {module}"
        for path in files(app)
        for line, module in imported(path)
        if module.split(".")[0] in above
    ]
    assert not backwards


@pytest.mark.parametrize("step", STEPS_OF_LOADING)
def test_a_step_of_loading_knows_only_the_steps_that_it_builds_on(step: str) -> None:
    strangers = {*STEPS_OF_LOADING, "runs"} - {step} - STEPS_OF_LOADING[step]
    known = [
        f"{name_of(path)}:{line} imports {module}"
        for path in files(f"households/loading/{step}")
        for line, module in imported(path)
        if module.startswith("households.loading.") and module.split(".")[2] in strangers
    ]
    assert not known


def test_every_app_of_ours_has_its_place_in_the_order() -> None:
    ours = {name for name in settings.INSTALLED_APPS if (ROOT / name.replace(".", "/")).is_dir()}
    assert ours == set(ORDER)


def test_no_file_is_longer_than_one_can_hold_in_mind() -> None:
    everything = [*files(*ORDER, "script", "tests"), *sorted((ROOT / "templates").rglob("*.html"))]
    long = {name_of(path): lines for path in everything if (lines := len(path.read_text().splitlines())) > MOST_LINES}
    assert not long


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{name_of(path)}:{node.lineno} {node.name}"
        for path in files(*ORDER, "script")
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= MOST_LINES_OF_A_FUNCTION
    ]
    assert not long


def test_no_error_is_swallowed() -> None:
    """An `except Exception` that does nothing hides the fault that somebody will look for at night."""
    swallowed = [
        f"{name_of(path)}:{node.lineno}"
        for path in files(*ORDER, "script")
        for node in nodes(path)
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"})
        and all(isinstance(statement, ast.Pass | ast.Continue) for statement in node.body)
    ]
    assert not swallowed


READS_THE_TIME = {"timezone.now", "datetime.now", "datetime.datetime.now", "date.today", "time.time"}
BY_THE_WALL = {"dispatch/channels/dingtalk.py", "dispatch/channels/feishu.py"}
"""The robot compares the moment of a signature with its own clock."""


def test_only_the_clock_reads_the_time() -> None:
    """Domain code asks `clock.now()`, which a test and a trial installation can move."""
    reads = [
        f"{name_of(path)}:{node.lineno} {ast.unparse(node.func)}"
        for path in files("grids", "households", "incidents", "tagging", "dispatch", "public")
        if name_of(path) not in BY_THE_WALL
        for node in nodes(path)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in READS_THE_TIME
    ]
    assert not reads


# -- one door each -----------------------------------------------------------------------------------------------
MAKES = {"create", "bulk_create", "get_or_create", "update_or_create", "rebuild", "insert_node", "move_node"}
NUMBERING = {"lft", "rght", "tree_id"}


def assigned(node: ast.AST) -> Iterator[ast.Attribute]:
    """The attributes that a statement writes."""
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AugAssign | ast.AnnAssign):
        targets = [node.target]
    else:
        return
    for target in targets:
        parts = target.elts if isinstance(target, ast.Tuple) else [target]
        yield from (part for part in parts if isinstance(part, ast.Attribute))


def called(node: ast.AST) -> tuple[str, str, set[str]]:
    """Of a call: the dotted name before the last dot, what comes after it, and the keywords given."""
    if not isinstance(node, ast.Call):
        return "", "", set()
    whole, _dot, last = ast.unparse(node.func).rpartition(".")
    return whole, last, {keyword.arg for keyword in node.keywords if keyword.arg}


def writes_in_sql(node: ast.AST, table: str) -> bool:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return False
    words = " ".join(node.value.lower().split()) + " "
    return any(f"{verb} {table} " in words for verb in ("update", "insert into", "delete from"))


def writes_structure(node: ast.AST) -> bool:
    """Makes or moves a unit, or touches the numbers that hold the tree together."""
    whole, last, keywords = called(node)
    return (
        any(part.attr in NUMBERING | {"parent", "parent_id"} for part in assigned(node))
        or (whole, last) == ("", "Unit")
        or (whole.startswith("Unit.objects") and last in MAKES)
        or (whole.endswith("unit") and last in {"move_to", "insert_at"})
        or (last == "update" and bool(keywords & NUMBERING))
        or writes_in_sql(node, "grids_unit")
    )


def writes_status(node: ast.AST) -> bool:
    """Makes an incident or gives one another status."""
    whole, last, keywords = called(node)
    return (
        any(part.attr == "status" and ast.unparse(part.value).endswith("incident") for part in assigned(node))
        or (whole.startswith("Incident.objects") and last in MAKES)
        or ("Incident" in whole and last == "update" and "status" in keywords)
        or writes_in_sql(node, "incidents_incident")
    )


def writes_catalogue(node: ast.AST) -> bool:
    whole, last, _keywords = called(node)
    return whole.startswith("Category.objects") and last in MAKES


DOORS = (
    # Two writers without the street's lock were measured to corrupt the numbering within seconds.
    (writes_structure, "grids/tree"),
    (writes_status, "incidents/services/"),
    (writes_catalogue, "incidents/services/catalogue.py"),
)


@pytest.mark.parametrize(("writes", "door"), DOORS)
def test_what_has_one_door_is_written_behind_it_alone(writes: Callable[[ast.AST], bool], door: str) -> None:
    elsewhere = [
        f"{name_of(path)}:{getattr(node, 'lineno', '?')}"
        for path in files(*ORDER)
        if not name_of(path).startswith(door)
        for node in nodes(path)
        if writes(node)
    ]
    assert not elsewhere


@pytest.mark.parametrize(
    ("writes", "line"),
    [
        (writes_structure, "unit.parent = other"),
        (writes_structure, "a, unit.lft = 1, 2"),
        (writes_structure, "Unit(name='x').save()"),
        (writes_structure, "Unit.objects.bulk_create(rows)"),
        (writes_structure, "unit.move_to(other)"),
        (writes_structure, "rows.filter(pk=1).update(tree_id=2)"),
        (writes_structure, "cursor.execute('UPDATE  grids_unit SET lft = 1')"),
        (writes_status, "incident.status = 'closed'"),
        (writes_status, "step.incident.status = 'closed'"),
        (writes_status, "Incident.objects.create(number='1')"),
        (writes_status, "Incident.objects.filter(pk=1).update(status='closed')"),
        (writes_status, "cursor.execute('DELETE FROM incidents_incident WHERE true')"),
        (writes_catalogue, "Category.objects.update_or_create(code='01')"),
    ],
)
def test_a_second_door_would_be_found(writes: Callable[[ast.AST], bool], line: str) -> None:
    assert any(writes(node) for node in ast.walk(ast.parse(line)))
