"""One column by itself: its name and its cells vote together on what it is."""

from dataclasses import dataclass
from typing import Final

from households.loading.cleaning.identity import birth_date
from households.loading.cleaning.values import CleanValue, clean_dwelling, clean_residence
from households.loading.fields import Field
from households.loading.recognition.content import Kind, Look
from households.loading.recognition.naming import Named, Owner

SURE_ENOUGH: Final = 0.5
"""Below this a column is left out."""
NO_LOOK_FIT = 0.8
"""What the cells of a field without a look of its own (a room, a note) add: nothing speaks against it."""

REASON_NAME: Final = "name"
REASON_BOTH: Final = "name_and_content"
REASON_CONTENT: Final = "content"
REASON_SOMEBODY_ELSE: Final = "other_person"
REASON_FOREIGN: Final = "foreign"
REASON_UNKNOWN: Final = "unknown"
REASON_VAGUE: Final = "vague"
REASON_DIFFERS: Final = "content_differs"
REASON_DUPLICATE: Final = "duplicate"
REASON_SEVERAL: Final = "several_people"
REASON_FIRST: Final = "first_of_several"
REASON_REMEMBERED: Final = "remembered"
REASON_CORRECTED: Final = "corrected"


@dataclass(slots=True)
class Guess:
    """What one column is taken for. `field` is "" when it is left out; `member` as in `plan.ColumnPlan`."""

    index: int
    named: Named
    look: Look
    field: str = ""
    member: int = 0
    confidence: float = 0.0
    reason: str = REASON_UNKNOWN

    def leave_out(self, reason: str) -> None:
        self.field, self.member, self.reason = "", 0, reason

    def take(self, field: str, *, reason: str = "", confidence: float | None = None) -> None:
        self.field = field
        self.reason = reason or self.reason
        self.confidence = self.confidence if confidence is None else confidence


def guess(index: int, named: Named, look: Look, *, has_name: bool) -> Guess:
    """Take a column for what its name says, unless its cells say otherwise. `has_name`: there is text over it."""
    made = Guess(index, named, look)
    if named.is_foreign:
        made.reason = REASON_SOMEBODY_ELSE if named.owner is Owner.OTHER else REASON_FOREIGN
    elif named.field:
        _by_name(made)
    elif named.choices:
        _by_choice(made)
    elif not has_name:
        _by_content(made)
    return made


def _by_name(made: Guess) -> None:
    named, look = made.named, made.look
    if look.speaks_against(named.field):
        made.reason = REASON_DIFFERS
        if named.owner is Owner.OWN and not named.member:
            _by_content(made)
        return
    made.field, made.member = named.field, named.member
    fit = look.fits(named.field) if look.has_a_look(named.field) else NO_LOOK_FIT
    if not look.count:
        made.confidence, made.reason = round(named.sureness * 0.9, 2), REASON_NAME
        return
    made.confidence = round(min(1.0, named.sureness * (0.8 + 0.2 * fit) + 0.1 * fit), 2)
    made.reason = REASON_BOTH if fit >= 0.6 and look.has_a_look(named.field) else REASON_NAME


def _by_choice(made: Guess) -> None:
    """A name that says little: taken when the cells decide for one of its meanings."""
    made.reason = REASON_VAGUE
    for field in made.named.choices:
        if field == Field.BORN_ON:
            continue  # any date looks like this; `agree_with_numbers` decides
        fit = max(made.look.fits(field), _answers(made, field)) if made.look.has_a_look(field) else 0.0
        if fit >= 0.6 and (field != Field.NAME or _are_names(made.look)):
            made.take(field, reason=REASON_BOTH, confidence=round(0.55 + 0.3 * fit, 2))
            made.member = made.named.member
            return


def _answers(made: Guess, field: Field) -> float:
    """The share of cells that answer the header: 是 and 否 under 是否流动人口, or residences in words of their own."""
    if field == Field.RESIDENCE and len(made.named.choices) == 1:
        return made.look.share_of(lambda text: _says(clean_residence(text, made.named.spelling)))
    if field == Field.DWELLING and made.look.share({Kind.FLAG}) >= 0.6:
        return made.look.share_of(lambda text: not clean_dwelling(text, made.named.spelling).problem)
    return 0.0


def _says(value: CleanValue) -> bool:
    return bool(value.value) and not value.problem


def _by_content(made: Guess) -> None:
    """By the cells alone: only what can't well be anything else."""
    look = made.look
    if look.count < 2:
        return
    for field, least in ((Field.NUMBER, 0.7), (Field.PHONE, 0.7), (Field.SEX, 0.9), (Field.ADDRESS, 0.6)):
        if look.fits(field) >= least:
            made.take(field, reason=REASON_CONTENT, confidence=round(0.4 + 0.3 * look.fits(field), 2))
            return
    if look.share({Kind.RELATION}) >= 0.5 and look.fits(Field.RELATION) >= 0.8:
        made.take(Field.RELATION, reason=REASON_CONTENT, confidence=0.65)
    elif look.share({Kind.SURNAMED}) >= 0.7 and _are_names(look):
        made.take(Field.NAME, reason=REASON_CONTENT, confidence=0.6)


def _are_names(look: Look) -> bool:
    """Names of people differ from line to line; words (党员, 常年) that begin like a surname come again and again."""
    return look.variety >= 0.5


def agrees_with_numbers(dates: Look, numbers: Look) -> bool:
    """Whether dates are the birth dates within the identity numbers on the same lines."""
    pairs = [
        (text, number)
        for text, number in zip(dates.texts, numbers.texts, strict=True)
        if text and len(number.replace(" ", "")) == 18
    ]
    if len(pairs) < 2:
        return False
    agreeing = sum(_digits(text)[:8] == number.replace(" ", "")[6:14] for text, number in pairs)
    return agreeing >= 0.7 * len(pairs)


def _digits(text: str) -> str:
    """19900131 for 1990-01-31, 1990.1.31, 1990年1月31日."""
    parts = "".join(char if char.isdigit() else " " for char in text).split()
    if len(parts) >= 3:
        return f"{parts[0]:0>4}{parts[1]:0>2}{parts[2]:0>2}"
    return parts[0] if parts and birth_date(parts[0]) else ""
