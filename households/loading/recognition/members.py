"""Several names in one sheet: members side by side, a head beside each member, or strangers.

In a WIDE sheet each line is a household and its members stand in groups of columns: numbered (成员1姓名, 成员2姓名)
or merely repeated (姓名 关系 身份证号 姓名 关系 身份证号). Where two names stand beside each other on lines of persons,
the one that comes again from line to line is the head's.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from households.loading.fields import HOUSEHOLD_FIELDS, PERSON_FIELDS, Field
from households.loading.recognition.guesses import REASON_SOMEBODY_ELSE, Guess
from households.loading.recognition.naming import Owner, Tier

OF_THE_HEAD = {Field.HEAD_NAME: Field.NAME, Field.HEAD_NUMBER: Field.NUMBER}
HOME_FIELDS = frozenset({Field.HOUSEHOLD_NUMBER, Field.ADDRESS, Field.BUILDING, Field.ROOM})


def sort_out(guesses: Sequence[Guess]) -> bool:
    """Settle whose the persons' columns are; say whether the sheet is WIDE. Changes the guesses."""
    _choose_subject(guesses)
    is_wide = _are_numbered(guesses) or _are_repeated(guesses)
    if not is_wide:
        for guess in guesses:
            guess.member = 0
        _find_head(guesses)
        is_wide = _are_only_heads(guesses)
    for guess in guesses:
        if guess.field in OF_THE_HEAD and is_wide:
            guess.field = OF_THE_HEAD[Field(guess.field)]
        elif guess.named.owner is Owner.HEAD and guess.field in PERSON_FIELDS and not is_wide:
            guess.leave_out(REASON_SOMEBODY_ELSE)
    return is_wide


def _choose_subject(guesses: Sequence[Guess]) -> None:
    """A list without a plain 姓名 is about those whose names it holds (老人姓名); any others are strangers in it."""
    subjects = {guess.named.subject for guess in guesses if guess.field == Field.NAME}
    subject = subjects.pop() if len(subjects) == 1 else ""
    for guess in guesses:
        if guess.named.subject and guess.named.subject != subject:
            guess.leave_out(REASON_SOMEBODY_ELSE)


def _names(guesses: Sequence[Guess]) -> list[Guess]:
    return [guess for guess in guesses if guess.field == Field.NAME and guess.named.tier is Tier.FIRST]


def _are_numbered(guesses: Sequence[Guess]) -> bool:
    """成员1姓名 … 成员4姓名. Columns without a number that come with every member belong to the one before them."""
    names = _names(guesses)
    numbers = {guess.member for guess in names if guess.member}
    others = [guess for guess in guesses if guess.field in (Field.NAME, Field.HEAD_NAME) and not guess.member]
    if not numbers or len(numbers) + bool(others) < 2:
        return False
    current, unnumbered = 0, []
    for guess in guesses:
        if guess.field == Field.NAME:
            current = guess.member
        elif current and guess.field in PERSON_FIELDS and not guess.member and guess.named.owner is Owner.OWN:
            unnumbered.append((guess, current))
    counts = Counter(guess.field for guess, _member in unnumbered)
    for guess, member in unnumbered:
        if counts[guess.field] >= len(numbers):
            guess.member = member
    return True


def _are_repeated(guesses: Sequence[Guess]) -> bool:
    """姓名 关系 身份证号 姓名 关系 身份证号. The first group may be the head's, without a relation."""
    starts = [guess.index for guess in _names(guesses)]
    if len(starts) < 2 or (len(starts) == 2 and _is_head_of(guesses, starts)):
        return False
    groups = [_group(guesses, start, end) for start, end in zip(starts, [*starts[1:], 10_000], strict=True)]
    fields = [{guess.field for guess in group} for group in groups]
    if all(set(HOME_FIELDS) & fields_of for fields_of in fields):
        return False  # two households side by side, as on a printed page
    shared = set.intersection(*fields)
    of_members = set.intersection(*fields[1:])
    has_head = Field.RELATION in of_members and Field.RELATION not in shared
    core = (of_members if has_head else shared) & PERSON_FIELDS
    if not _makes_members(core, len(starts), guesses, starts[0]):
        return False
    for number, group in enumerate(groups, start=0 if has_head else 1):
        for guess in group:
            if guess.field in core and (number or guess.field in PERSON_FIELDS):
                guess.member = number
    return True


def _group(guesses: Sequence[Guess], start: int, end: int) -> list[Guess]:
    """The columns of one group: each field once, for what comes again belongs to something else."""
    seen: set[str] = set()
    group = []
    for guess in guesses:
        if start <= guess.index < end and guess.field and guess.field not in seen:
            seen.add(guess.field)
            group.append(guess)
    return group


def _makes_members(core: set[str], count: int, guesses: Sequence[Guess], first: int) -> bool:
    if Field.RELATION in core:
        return True
    has_home = any(guess.field in HOUSEHOLD_FIELDS and guess.index < first for guess in guesses)
    return len(core) >= 2 and (count >= 3 or (Field.NUMBER in core and has_home))


def _is_head_of(guesses: Sequence[Guess], starts: Sequence[int]) -> bool:
    first, second = (next(guess for guess in guesses if guess.index == start) for start in starts)
    return comes_again(first, second)


def comes_again(head: Guess, person: Guess) -> bool:
    """Whether the first of two columns of names is the head's: it repeats or pauses where the second goes on.

    Where it begins anew, the person on that line is mostly the head himself; a file without the heads' own lines
    repeats the more plainly.
    """
    heads, people = head.look.texts, person.look.texts
    if not head.look.count or not person.look.count:
        return False
    pauses = head.look.filled < 0.85 * person.look.filled
    repeats = head.look.variety < 0.85 * person.look.variety
    if not (pauses or repeats):
        return False
    before, begins, same = "", 0, 0
    for name, other in zip(heads, people, strict=True):
        if name and name != before:
            begins += 1
            same += name == other
            before = name
    return same >= 0.5 * begins or (repeats and head.look.variety <= 0.6 * person.look.variety)


def _find_head(guesses: Sequence[Guess]) -> None:
    """Settle which of two columns 姓名 is the head's, and that the columns between head and person are the head's too.

    Those are columns that come again behind the person's name (户主 身份证 成员 身份证), and those that repeat as the
    head does.
    """
    names = _names(guesses)
    head = next((guess for guess in guesses if guess.field == Field.HEAD_NAME), None)
    if head is None and len(names) == 2 and comes_again(*names):
        head = names.pop(0)
        head.field = Field.HEAD_NAME
    if head is None or not names:
        return
    person = names[0]
    after = {guess.field for guess in guesses if guess.index > person.index}
    for guess in guesses:
        is_between = head.index < guess.index < person.index
        if is_between and guess.field in (PERSON_FIELDS & after) | _repeating(guess, head, person):
            if guess.field == Field.NUMBER:
                guess.field = Field.HEAD_NUMBER
            else:
                guess.leave_out(REASON_SOMEBODY_ELSE)


def _repeating(guess: Guess, head: Guess, person: Guess) -> set[str]:
    """The field of a column of numbers that stays the same from line to line as long as the head does."""
    if guess.field not in (Field.NUMBER, Field.PHONE):
        return set()
    lines = list(zip(head.look.texts, person.look.texts, guess.look.texts, strict=True))
    pairs = [
        (value, next_value)
        for (name, _person, value), (next_name, other, next_value) in pairwise(lines)
        if name and name == next_name and other and (value or next_value)
    ]
    same = sum(value == next_value for value, next_value in pairs)
    return {guess.field} if len(pairs) >= 2 and same >= 0.9 * len(pairs) else set()


def _are_only_heads(guesses: Sequence[Guess]) -> bool:
    """Nobody but the heads is named. With a relation on each line the column holds everybody in spite of its name."""
    fields = {guess.field for guess in guesses}
    if Field.NAME in fields or Field.HEAD_NAME not in fields:
        return False
    heads = next(guess.look for guess in guesses if guess.field == Field.HEAD_NAME)
    if heads.count and heads.variety < 0.8:
        return False  # heads that come again stand beside members whose column wasn't recognised
    if Field.RELATION not in fields:
        return True
    for guess in guesses:
        if guess.field in OF_THE_HEAD:
            guess.field = OF_THE_HEAD[Field(guess.field)]
    return False
