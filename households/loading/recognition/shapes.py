"""How lines make up households (`plan.Shape`), told from columns, merged cells, fillings and the lines of the heads.

In this order, because a surer sign stands before a weaker one:

1. WIDE: members stand side by side, or only heads are named.
2. NUMBERED: a household number on (nearly) every line.
3. MERGED: a cell of the household (number, address, room, head, or a running number) is merged downwards.
4. FIRST_LINE: such a column is filled on each household's first line only (`mark_pauses`).
5. HEAD: the head's name or number on every line.
6. HEAD_FIRST: the relations say 户主 first, then the members, and the address never changes in between.
7. ADDRESS: the address on every line tells households apart.

Without any of these there are no households to be made: "" is returned.
"""

from collections.abc import Iterable, Sequence

from households.loading.cleaning.relations import HEAD, standard_relation
from households.loading.cleaning.texts import text_of
from households.loading.fields import Field
from households.loading.files.cells import Cell, Merged
from households.loading.plan import ColumnPlan, Shape, SheetPlan
from households.loading.recognition.naming import MEMBER_WORDS, PROBLEM_HEADERS, VOCABULARY, normal

DOOR_FIELDS = (Field.ADDRESS, Field.ROOM)
MARKING_FIELDS = (
    Field.HOUSEHOLD_NUMBER,
    Field.HEAD_NUMBER,
    Field.HEAD_NAME,
    Field.ADDRESS,
    Field.ROOM,
)
"""Columns whose cell belongs to one household. A building or a grid is merged over many."""
NUMBERS_OF_LINES = frozenset({"序号", "编号", "户数", "户", "no", "顺序号", "序", "户序"})
FULL = 0.9
FORMS = 3
PAUSING = 0.75
"""A column of the household filled on fewer lines of persons pauses: the mean household has more than two members."""


def mark_merged(columns: Sequence[ColumnPlan], merged: Sequence[Merged], data_from: int) -> None:
    """Note which columns have cells merged downwards among the lines of data, by themselves or with neighbours."""
    downwards = {
        column
        for area in merged
        if area.first_row >= data_from - 1 and area.last_row > area.first_row
        for column in range(area.first_column, area.last_column + 1)
    }
    for column in columns:
        column.is_merged = column.index in downwards


def mark_pauses(columns: Sequence[ColumnPlan], lines: Sequence[Sequence[Cell]]) -> None:
    """Note which columns of the household stand on its first line only.

    Where relations are given, on the heads' lines; otherwise on the first line and on clearly fewer than all.
    """
    name = _index_of(columns, Field.NAME)
    if name is None:
        return
    people = [line for line in lines if _text(line, name)]
    heads = _head_lines(columns, people)
    for column in columns:
        if people and (column.field in MARKING_FIELDS or _counts_lines(column)):
            filled = [bool(_text(line, column.index)) for line in people]
            column.pauses = _pauses(filled, heads)


def _pauses(filled: Sequence[bool], heads: Sequence[bool]) -> bool:
    if not filled[0] or all(filled):
        return False
    if heads.count(True) < 2:
        return filled.count(True) < PAUSING * len(filled)
    members = [is_filled for is_filled, is_head in zip(filled, heads, strict=True) if not is_head]
    on_heads = sum(is_filled and is_head for is_filled, is_head in zip(filled, heads, strict=True))
    return on_heads >= FULL * heads.count(True) and members.count(True) <= 0.2 * len(members)


def heads_come_first(columns: Sequence[ColumnPlan], lines: Sequence[Sequence[Cell]]) -> bool:
    """Whether each household begins with its 户主: the first person is one, and no run goes over two addresses."""
    name = _index_of(columns, Field.NAME)
    people = [line for line in lines if name is not None and _text(line, name)]
    heads = _head_lines(columns, people)
    if not any(heads) or not heads[0]:
        return False
    door = [index for field in DOOR_FIELDS if (index := _index_of(columns, field)) is not None]
    runs: list[set[str]] = []
    for line, is_head in zip(people, heads, strict=True):
        if is_head:
            runs.append(set())
        if place := " ".join(_text(line, index) for index in door).strip():
            runs[-1].add(place)
    return sum(len(places) <= 1 for places in runs) >= FULL * len(runs)


def heads_stand_apart(columns: Sequence[ColumnPlan], lines: Sequence[Sequence[Cell]]) -> bool:
    """Whether heads have columns of their own, and below 成员姓名 stand the others only: nobody there is 户主.

    Read like that, the list would lose the head of every household. A list of some people (children, those whom an
    error workbook sends back) doesn't: their heads are in another list.
    """
    named = next((column for column in columns if column.field == Field.NAME), None)
    head = _index_of(columns, Field.HEAD_NAME)
    if named is None or head is None or _index_of(columns, Field.RELATION) is None:
        return False
    is_of_members = bool(MEMBER_WORDS.search("".join(named.words)))
    if not is_of_members or any(column.header in PROBLEM_HEADERS for column in columns):
        return False
    heads = {_text(line, head) for line in lines} - {""}
    people = {_text(line, named.index) for line in lines}
    return len(heads) > 1 and not any(_head_lines(columns, lines)) and len(heads & people) <= 0.1 * len(heads)


def stands_on_forms(columns: Sequence[ColumnPlan], lines: Sequence[Sequence[Cell]]) -> bool:
    """Whether each household has a form of its own: below the names stand the words of a form, 住址 and 户主姓名."""
    name = _index_of(columns, Field.NAME)
    texts = [normal(_text(line, name)) for line in lines] if name is not None else []
    return sum(text in VOCABULARY and bool(VOCABULARY[text].field) for text in texts) >= FORMS


def _head_lines(columns: Sequence[ColumnPlan], people: Sequence[Sequence[Cell]]) -> list[bool]:
    relation = _index_of(columns, Field.RELATION)
    if relation is None:
        return [False] * len(people)
    return [standard_relation(_text(line, relation)) == HEAD for line in people]


def settle_shape(sheet: SheetPlan, *, is_wide: bool) -> None:
    """Set the shape, and the columns that mark where a household begins (for MERGED and FIRST_LINE)."""
    sheet.shape, sheet.markers = _shape_of(sheet.columns, is_wide=is_wide, heads_first=sheet.heads_first)


def _shape_of(columns: Sequence[ColumnPlan], *, is_wide: bool, heads_first: bool) -> tuple[str, list[int]]:
    by_field = {column.field: column for column in columns if column.field}
    if Field.NAME not in by_field:
        return "", []
    if is_wide:
        return Shape.WIDE.value, []
    number = by_field.get(Field.HOUSEHOLD_NUMBER)
    if number and not number.is_merged and number.filled >= FULL * by_field[Field.NAME].filled:
        return Shape.NUMBERED.value, []
    marking = [column for column in columns if column.field in MARKING_FIELDS]
    counting = [column for column in columns if not column.field and _counts_lines(column)]
    if merged := _ranked(column for column in [*marking, *counting] if column.is_merged):
        return Shape.MERGED.value, merged
    if any(column.pauses for column in marking):
        return Shape.FIRST_LINE.value, _ranked(column for column in [*marking, *counting] if column.pauses)
    if number:
        return Shape.NUMBERED.value, []
    if by_field.keys() & {Field.HEAD_NAME, Field.HEAD_NUMBER}:
        return Shape.HEAD.value, []
    if heads_first:
        return Shape.HEAD_FIRST.value, []
    if counters := _ranked(column for column in counting if column.pauses):
        return Shape.FIRST_LINE.value, counters
    return (Shape.ADDRESS.value if by_field.keys() & set(DOOR_FIELDS) else ""), []


def _ranked(columns: Iterable[ColumnPlan]) -> list[int]:
    order: dict[str, int] = {field: rank for rank, field in enumerate(MARKING_FIELDS)}
    return [column.index for column in sorted(columns, key=lambda column: (order.get(column.field, 99), column.index))]


def _counts_lines(column: ColumnPlan) -> bool:
    return bool(column.words) and column.words[-1] in NUMBERS_OF_LINES


def _index_of(columns: Sequence[ColumnPlan], field: Field) -> int | None:
    return next((column.index for column in columns if column.field == field), None)


def _text(line: Sequence[Cell], index: int) -> str:
    return text_of(line[index]) if index < len(line) else ""
