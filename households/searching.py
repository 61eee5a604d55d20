"""Finding households and people: one box that tells by itself what was typed.

A number is looked up by its fingerprint, so that no other is opened. Names and initials are searched from their
beginning, addresses in any part. What was typed never stands in an address of the web: it is personal itself.
"""

import re
from dataclasses import dataclass
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.sealing import fingerprint
from households.loading.cleaning import addresses
from households.loading.cleaning.identity import check_number
from households.loading.cleaning.phones import clean_phone
from households.loading.cleaning.texts import text_of
from households.models import Household, Resident

LONGEST: Final = 60
_LEAST_OF_A_NAME: Final = 2
_LETTERS: Final = re.compile(r"[a-z]+")
_IDEOGRAPHS: Final = re.compile(r"[㐀-鿿豈-\ufaff\ue000-\uf8ff\U00020000-\U0003ffff〇·]+")
_NUMBER: Final = re.compile(r"[0-9]{7,}[0-9Xx]?|[A-Za-z]{1,3}[0-9]{6,12}")
_OF_AN_ADDRESS: Final = re.compile(r"[幢栋座梯单元室号弄路街巷组队村楼苑园小区公寓新花]")
_LONGEST_CHINESE_NAME: Final = 4


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for, in people and in households; an empty filter looks for nothing there."""

    people: Q | None = None
    households: Q | None = None
    is_exact: bool = False
    """A number or its like: whoever is found is the one that was meant."""


def understood(typed: str) -> Search:
    """What the text in the box means. Raises `Refused` for a text too short to search by."""
    text = text_of(typed)[:LONGEST]
    if not text:
        raise Refused(_("Type a name, its initials, an address, or a whole number."), code="empty", field="q")
    plain = text.replace(" ", "").replace("-", "")
    if _NUMBER.fullmatch(plain):
        return _number(text, plain)
    if len(text) < _LEAST_OF_A_NAME:
        raise Refused(_("Too many would fit. Type at least two characters."), code="too_short", field="q")
    if _LETTERS.fullmatch(text.lower()):
        named = Q(name__startswith=text) | Q(name__startswith=text.capitalize())
        return Search(people=Q(initials__startswith=text.lower()) | named)
    if _IDEOGRAPHS.fullmatch(text) and not _OF_AN_ADDRESS.search(text) and len(text) <= _LONGEST_CHINESE_NAME:
        return Search(people=Q(name__startswith=text), households=_address(text))
    if text.isascii() and not any(char.isdigit() for char in text):
        return Search(people=Q(name__startswith=text))
    people = Q(name__startswith=text) if _IDEOGRAPHS.fullmatch(text) else None
    return Search(people=people, households=_address(text) | Q(number=text))


def at_door(typed: str) -> Q:
    """Households whose address has the text in any part, as somebody asks who stands before the house.

    Every household of a district would be read for two characters: use it within one area.
    """
    text = text_of(typed)[:LONGEST]
    key = addresses.key_of(text)
    part = Q(address__contains=addresses.clean_address(text))
    return part | Q(address_key=key) if key else part


def people_found(search: Search, among: QuerySet[Resident]) -> QuerySet[Resident]:
    """Living people first come to mind; who moved out is found by an exact number only."""
    if search.people is None:
        return among.none()
    return among.filter(search.people) if search.is_exact else among.filter(search.people, moved_out_on=None)


def households_found(search: Search, among: QuerySet[Household]) -> QuerySet[Household]:
    if search.households is None:
        return among.none()
    return among.filter(search.households, unit__retired_at=None)


def _number(text: str, plain: str) -> Search:
    """A document, a telephone or a household number: all three are tried, each by an index."""
    numbers = {plain.upper(), check_number(text).number, check_number(text, document=Resident.Document.OTHER).number}
    documents = [fingerprint(number) for number in numbers if number]
    phone = fingerprint(clean_phone(text).number)
    people = Q(document_fingerprint__in=documents)
    households = Q(number=text) | Q(number=plain)
    if phone:
        people |= Q(phone_fingerprint=phone)
        households |= Q(landlord_phone_fingerprint=phone)
    return Search(people=people, households=households, is_exact=True)


def _address(text: str) -> Q:
    """Three characters make a trigram, which finds any part; two only the beginning."""
    cleaned = addresses.clean_address(text)
    part = Q(address__contains=cleaned) if len(cleaned) >= 3 else Q(address__startswith=cleaned)
    key = addresses.key_of(text)
    return part | Q(address_key=key) if key else part
