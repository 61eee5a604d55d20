"""All columns of a sheet together: each by name and cells, then what they say about each other."""

import re
from collections.abc import Sequence
from itertools import pairwise

from households.loading.fields import PERSON_FIELDS, REPEATABLE_FIELDS, Field
from households.loading.files.cells import Cell
from households.loading.plan import ColumnPlan
from households.loading.recognition.content import Look
from households.loading.recognition.guesses import (
    REASON_BOTH,
    REASON_CONTENT,
    REASON_DIFFERS,
    REASON_DUPLICATE,
    REASON_FIRST,
    REASON_SEVERAL,
    REASON_VAGUE,
    SURE_ENOUGH,
    Guess,
    agrees_with_numbers,
    guess,
)
from households.loading.recognition.members import sort_out
from households.loading.recognition.naming import UNKNOWN, Tier, normal, read
from households.loading.recognition.samples import masked_samples
from households.loading.recognition.shapes import NUMBERS_OF_LINES

CELLS_LOOKED_AT = 5_000
"""Of a sheet: enough to be sure, and quick for three hundred columns too."""
LEAST_LINES, MOST_LINES = 40, 200
DOOR = frozenset({Field.BUILDING, Field.STAIRWELL, Field.ROOM})
FOREIGN_PROVINCES = ("省", "自治区")
LISTED = re.compile(r"[\u4e00-\u9fff)）]\s*[、，,；;/]\s*[\u4e00-\u9fff]")
MANY_LISTS = 0.2
HEADERS_WITHOUT_A_NAME = ("列", "column", "f", "unnamed", "字段")


def plan_columns(paths: Sequence[Sequence[str]], lines: Sequence[Sequence[Cell]]) -> tuple[list[ColumnPlan], bool]:
    """The columns as they are understood, and whether members stand side by side.

    `paths` are the texts over each column from the group down, [] where there are none; `lines` the sampled data.
    """
    width = max([len(paths), *(len(line) for line in lines[:LEAST_LINES])])
    count = min(MOST_LINES, max(LEAST_LINES, CELLS_LOOKED_AT // max(width, 1)))
    guesses = []
    for index in range(width):
        path = paths[index] if index < len(paths) else []
        cells = [line[index] if index < len(line) else "" for line in lines[:count]]
        guesses.append(guess(index, read(path) if path else UNKNOWN, Look(cells), has_name=not _is_nameless(path)))
    is_wide = settle(guesses)
    columns = [_planned(made, paths[made.index] if made.index < len(paths) else []) for made in guesses]
    while columns and not columns[-1].header and not columns[-1].filled:
        columns.pop()
    return columns, is_wide


def settle(guesses: Sequence[Guess]) -> bool:
    """Let the columns decide among each other. Returns whether the sheet is WIDE; changes the guesses."""
    _place_estates(guesses)
    _leave_out_lists(guesses)
    for made in guesses:
        if made.field and made.confidence < SURE_ENOUGH:
            made.leave_out(REASON_DIFFERS)
    is_wide = sort_out(guesses)
    _count_households(guesses)
    _agree_with_numbers(guesses)
    _drop_second_choices(guesses)
    _drop_duplicates(guesses)
    _drop_lonely_members(guesses)
    return is_wide


def _leave_out_lists(guesses: Sequence[Guess]) -> None:
    """家庭成员 with 李红、张小明 in one cell names several: whose the number beside it is, nobody knows.

    It goes before heads are found, so that 户主姓名 beside it is the name that the number belongs to.
    """
    for made in _of(guesses, Field.NAME):
        if made.look.share_of(lambda text: bool(LISTED.search(text))) >= MANY_LISTS:
            made.leave_out(REASON_SEVERAL)


def _is_nameless(path: Sequence[str]) -> bool:
    """No header, or one that a program made up: 列1, Column1, F1, Unnamed: 0."""
    if not path:
        return True
    plain = normal(path[-1]).rstrip("0123456789").rstrip(":")
    return not plain or plain in HEADERS_WITHOUT_A_NAME


def _of(guesses: Sequence[Guess], *fields: Field) -> list[Guess]:
    return [made for made in guesses if made.field in fields]


def _place_estates(guesses: Sequence[Guess]) -> None:
    """小区, 路名: the address where columns for the door stand beside them; 门牌号 then says the door.

    Beside a building, a 门牌号 is the number on the door of the flat.
    """
    addresses = [made for made in _of(guesses, Field.ADDRESS) if made.named.tier is Tier.FIRST]
    plates = [made for made in addresses if "门" in made.named.spelling]
    estates = [made for made in _of(guesses, Field.ADDRESS) if made.named.tier is Tier.ESTATE]
    has_room = bool(_of(guesses, Field.ROOM))
    beside = estates or _of(guesses, Field.BUILDING, Field.STAIRWELL)
    if plates and beside and not has_room and len(addresses) == len(plates):
        plates[0].take(Field.ROOM)
        addresses, has_room = [], True
    for estate in estates:
        if addresses or not (has_room or _of(guesses, *DOOR)):
            estate.leave_out(REASON_DUPLICATE if addresses else REASON_DIFFERS)


def _count_households(guesses: Sequence[Guess]) -> None:
    """序号 that stays the same over several names counts households: it is a household number for want of another."""
    if _of(guesses, Field.HOUSEHOLD_NUMBER):
        return
    for made in guesses:
        if made.named.spelling in NUMBERS_OF_LINES and _counts_groups(made.look):
            made.take(Field.HOUSEHOLD_NUMBER, reason=REASON_CONTENT, confidence=0.65)
            return


def _counts_groups(look: Look) -> bool:
    """1 1 1 2 2 3 4 4: on every line, growing by one or not at all."""
    if look.filled < 0.95 or look.variety > 0.8 or not all(text.isdecimal() for text in look.texts if text):
        return False
    numbers = [int(text) for text in look.texts if text]
    return len(set(numbers)) > 1 and all(0 <= after - before <= 1 for before, after in pairwise(numbers))


def _agree_with_numbers(guesses: Sequence[Guess]) -> None:
    """Dates without a name are birth dates where they agree with the identity numbers."""
    numbers = _of(guesses, Field.NUMBER)
    if len(numbers) != 1 or _of(guesses, Field.BORN_ON):
        return
    for made in guesses:
        could_be = Field.BORN_ON in made.named.choices or made.named is UNKNOWN
        if not made.field and could_be and agrees_with_numbers(made.look, numbers[0].look):
            has_choice = Field.BORN_ON in made.named.choices
            made.take(Field.BORN_ON, reason=REASON_BOTH if has_choice else REASON_CONTENT, confidence=0.8)
            return


def _drop_second_choices(guesses: Sequence[Guess]) -> None:
    has_door = any(made.field == Field.ADDRESS and made.named.tier is not Tier.SECOND for made in guesses)
    has_door = has_door or bool(_of(guesses, *DOOR))
    for made in guesses:
        if made.named.tier is not Tier.SECOND or not made.field:
            continue
        rivals = [rival for rival in _of(guesses, Field(made.field)) if rival.named.tier is Tier.FIRST]
        if made.field == Field.ADDRESS and (has_door or _is_far_away(made.look)):
            made.leave_out(REASON_DUPLICATE if has_door else REASON_DIFFERS)
        elif any(rival.member == made.member for rival in rivals):
            made.leave_out(REASON_DUPLICATE)


def _is_far_away(look: Look) -> bool:
    """Registered addresses all over the country: a list of people who live elsewhere than there."""
    texts = [text for text in look.texts if text]
    far = {text[:2] for text in texts if any(word in text[:10] for word in FOREIGN_PROVINCES)}
    return len(far) >= 2


def _drop_duplicates(guesses: Sequence[Guess]) -> None:
    """Two columns of one meaning: the better filled one of the better name stays."""
    groups: dict[tuple[str, int], list[Guess]] = {}
    for made in guesses:
        if made.field and made.field not in REPEATABLE_FIELDS:
            groups.setdefault((made.field, made.member), []).append(made)
    for rivals in groups.values():
        if len(rivals) < 2:
            continue
        fullest = max(made.look.filled for made in rivals)
        best = min(rivals, key=lambda made: _preference(made, fullest))
        equal = [made for made in rivals if made.named.rank == best.named.rank and made.named is not UNKNOWN]
        if best.reason == REASON_CONTENT:
            best.leave_out(REASON_VAGUE)  # two columns that look alike, and no name to choose by
        for made in rivals:
            if made is not best:
                made.leave_out(REASON_DUPLICATE if best.field else REASON_VAGUE)
        if len(equal) > 1 and best.field:
            best.take(best.field, reason=REASON_FIRST, confidence=min(best.confidence, 0.6))


def _preference(made: Guess, fullest: float) -> tuple[bool, bool, bool, int, int]:
    return (
        made.reason == REASON_CONTENT,
        made.named.tier is not Tier.FIRST,
        made.look.filled < 0.5 * fullest,
        made.named.rank,
        made.index,
    )


def _drop_lonely_members(guesses: Sequence[Guess]) -> None:
    """A member without a name is nobody: his other columns say nothing."""
    named = {made.member for made in _of(guesses, Field.NAME)}
    for made in guesses:
        if made.member and made.field in PERSON_FIELDS and made.member not in named:
            made.leave_out(REASON_DIFFERS)


def _planned(made: Guess, path: Sequence[str]) -> ColumnPlan:
    return ColumnPlan(
        index=made.index,
        header=" / ".join(" ".join(text.split()) for text in path)[:200],
        field=str(made.field),
        member=made.member,
        confidence=made.confidence if made.field else 0.0,
        reason=made.reason,
        samples=masked_samples(made.look.texts, made.field),
        words=[word for word in map(normal, path) if word],
        filled=round(made.look.filled, 3),
    )
