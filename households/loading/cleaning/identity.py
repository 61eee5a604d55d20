"""Document numbers: the resident identity card by GB 11643-1999, and the documents of those who have none.

The county part of a card's number is only a hint: codes are withdrawn, and people keep their number for life.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from households.loading.cleaning.texts import is_damaged, is_formula_error, is_nothing, text_of
from households.loading.fields import Problem
from households.loading.files.cells import Cell
from households.models import Resident

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
_BORN_FROM = 1880

# GB/T 2260: provinces by their first two digits; 81–83 stand on the residence permits of people from Hong Kong, Macau
# and Taiwan, 9x on the permanent residence cards of foreigners since 2023.
PROVINCES = frozenset(
    str(code)
    for codes in (
        range(11, 16),
        range(21, 24),
        range(31, 38),
        range(41, 47),
        range(50, 55),
        range(61, 66),
        (71, 81, 82, 83, 91),
    )
    for code in codes
)
_PERMIT_PREFIXES = ("81", "82", "83", "9")

_JUNK = re.compile(r"[\s'\"`’‘“”.,，。:：;；_\-\u2010-\u2015*]+")
_CARD = re.compile(r"[0-9]{17}[0-9X]")
_OLD_CARD = re.compile(r"[0-9]{15}")

Document = Resident.Document
Check = Resident.NumberCheck


class IdFacts(NamedTuple):
    """What a document number says. `number` is cleaned; "" when there is none or Excel has damaged it."""

    number: str = ""
    check: str = ""
    """`Resident.NumberCheck`."""
    sex: str = ""
    born_on: date | None = None
    problems: tuple[str, ...] = ()
    document: str = Document.ID_CARD.value
    """`Resident.Document`: as said, or as the number looks."""


@dataclass(frozen=True, slots=True)
class _Pattern:
    document: str
    shape: re.Pattern[str]


# What can't be mistaken for a card's number. Sources: the exit-entry administration's description of its documents.
_OTHER_DOCUMENTS = (
    _Pattern(Document.PERMIT, re.compile(r"[HM]\d{8}(\d{2})?")),  # home-return permit of Hong Kong and Macau
    _Pattern(Document.PERMIT, re.compile(r"[A-Z]{3}\d{12}")),  # permanent residence card of foreigners until 2023
    _Pattern(Document.PASSPORT, re.compile(r"[EGDSPK]\d{8}|E[A-Z]\d{7}|1[45]\d{7}")),  # Chinese passports
    _Pattern(Document.OTHER, re.compile(r"[A-Z]\d{9}")),  # birth certificate
    _Pattern(Document.OTHER, re.compile(r"[\u4e00-\u9fff]{1,4}字第?[0-9A-Z]{4,10}号?")),  # officers and soldiers
    _Pattern(Document.PASSPORT, re.compile(r"(?=.*[A-Z].*\d)(?=(.*\d){4})[A-Z0-9]{6,12}")),  # foreign passports
)
_ANY_DOCUMENT = re.compile(r"[A-Z0-9\u4e00-\u9fff()/]{4,30}")


def check_number(cell: Cell, *, document: str = "", on: date | None = None) -> IdFacts:
    """What the number in a cell says, and what is wrong with it.

    `document` is the kind as the file says it, "" when it doesn't. `on` is today: nobody is born later. Accepts
    full-width digits, spaces, apostrophes and a small x. A number that Excel has damaged is not given back.
    """
    if is_damaged(cell):
        return IdFacts(problems=(Problem.NUMBER_DAMAGED.value,), document=document or Document.ID_CARD.value)
    if is_formula_error(cell):
        return IdFacts(problems=(Problem.FORMULA_ERROR.value,), document=document or Document.ID_CARD.value)
    text = text_of(cell)
    if is_nothing(text):
        return IdFacts(document=document or Document.ID_CARD.value)
    number = bare(text)
    if document and document != Document.ID_CARD:
        return _other(number, document, on)
    if _CARD.fullmatch(number):
        return _card(number, on)
    if _OLD_CARD.fullmatch(number):
        return _old_card(number, on)
    if not document:
        for pattern in _OTHER_DOCUMENTS:
            if pattern.shape.fullmatch(number):
                return IdFacts(number, Check.UNCHECKED.value, document=pattern.document)
    return _wrong(number, Problem.NUMBER_LENGTH)


def bare(text: str) -> str:
    """The digits and letters alone, half-width and upper case."""
    return _JUNK.sub("", text_of(text)).upper()


def check_digit(first17: str) -> str:
    """The eighteenth character of a card's number: the weighted sum modulo 11, looked up (MOD 11-2)."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, WEIGHTS, strict=True))
    return CHECK_DIGITS[total % 11]


def renewed(old: str) -> str:
    """The number of 18 digits that belongs to one of 15: the century filled in and the check digit added."""
    first17 = f"{old[:6]}19{old[6:]}"
    return first17 + check_digit(first17)


def birth_date(digits: str, on: date | None = None) -> date | None:
    """The date of 19900131, or None for one that doesn't exist, lies ahead of `on` or before anybody living."""
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
    return None if day.year < _BORN_FROM or (on is not None and day > on) else day


def sex_of(sequence_digit: str) -> str:
    """Men have odd sequence numbers."""
    return (Resident.Sex.MALE if int(sequence_digit) % 2 else Resident.Sex.FEMALE).value


def kind_of_card(number: str) -> str:
    """Cards and permits share one scheme of numbers; the first digits tell them apart."""
    return (Document.PERMIT if number.startswith(_PERMIT_PREFIXES) else Document.ID_CARD).value


def _card(number: str, on: date | None) -> IdFacts:
    is_right = check_digit(number[:17]) == number[17]
    if not is_right and number.endswith("000"):
        # Fifteen digits and three zeros: Excel made a number of it before somebody formatted the column as text.
        return IdFacts(problems=(Problem.NUMBER_DAMAGED.value,))
    born_on = birth_date(number[6:14], on)
    if born_on is None:
        return _wrong(number, Problem.NUMBER_DATE)
    if not is_right:
        return _wrong(number, Problem.NUMBER_CHECK_DIGIT)
    problems = _county_problems(number)
    return IdFacts(number, Check.VALID.value, sex_of(number[16]), born_on, problems, kind_of_card(number))


def _old_card(number: str, on: date | None) -> IdFacts:
    born_on = birth_date("19" + number[6:12], on)
    if born_on is None:
        return _wrong(number, Problem.NUMBER_DATE)
    problems = (Problem.NUMBER_OLD.value, *_county_problems(number))
    return IdFacts(number, Check.OLD.value, sex_of(number[14]), born_on, problems)


def _other(number: str, document: str, on: date | None) -> IdFacts:
    """A document without a check of its own. Residence permits carry a card's number, and then it is checked."""
    if document == Document.PERMIT and _CARD.fullmatch(number):
        return _card(number, on)._replace(document=document)
    if not _ANY_DOCUMENT.fullmatch(number):
        return _wrong(number, Problem.NUMBER_LENGTH)._replace(document=document)
    return IdFacts(number, Check.UNCHECKED.value, document=document)


def _wrong(number: str, problem: Problem) -> IdFacts:
    return IdFacts(number, Check.INVALID.value, problems=(problem.value,))


def _county_problems(number: str) -> tuple[str, ...]:
    return () if number[:2] in PROVINCES or number[0] == "9" else (Problem.NUMBER_COUNTY.value,)
