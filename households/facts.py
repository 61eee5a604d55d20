"""What is typed about a household or a person, made into what the register keeps.

The same cleaning as a load's (`households.loading`); where a load puts a line back, here the form is refused.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from accounts.errors import Refused
from accounts.sealing import fingerprint
from grids.rules import NAME_LENGTH
from households import names
from households.loading.cleaning import addresses
from households.loading.cleaning.identity import check_number
from households.loading.cleaning.people_names import clean_name
from households.loading.cleaning.phones import clean_phone
from households.loading.cleaning.texts import text_of
from households.loading.cleaning.values import LONGEST_NOTE, LONGEST_RELATION, clean_relation
from households.loading.fields import SEVERITY, Problem, Severity
from households.models import Household, Resident

HOUSEHOLD_FACTS: Final = ("address", "number", "dwelling", "landlord_name", "landlord_phone", "note")
RESIDENT_FACTS: Final = (
    *("name", "document", "document_number", "phone", "sex", "born_on"),
    *("relation", "residence", "moved_in_on", "note"),
)
_LONGEST_NUMBER: Final = 40


def household_facts(typed: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a household from the facts typed; raises `Refused` beside the first that can't be kept.

    `typed` may hold any of `HOUSEHOLD_FACTS`; what is missing is empty.
    """
    _check_known(typed, HOUSEHOLD_FACTS)
    address = _address(typed.get("address", ""))
    phone = _phone(typed.get("landlord_phone", ""), "landlord_phone")
    return {
        "address": address,
        "address_key": addresses.key_of(address),
        "number": clean_text(typed.get("number", ""), field="number", limit=_LONGEST_NUMBER),
        "dwelling": _choice(typed.get("dwelling") or Household.Dwelling.OWNED, Household.Dwelling, "dwelling"),
        "landlord_name": _name(typed["landlord_name"], "landlord_name") if typed.get("landlord_name") else "",
        "landlord_phone": phone,
        "landlord_phone_fingerprint": fingerprint(phone),
        "note": clean_text(typed.get("note", ""), field="note", limit=LONGEST_NOTE),
    }


def resident_facts(typed: Mapping[str, Any], *, on: date, number_is_checked: bool = False) -> dict[str, Any]:
    """The columns of a person from the facts typed; raises `Refused` beside the first that can't be kept.

    `typed` may hold any of `RESIDENT_FACTS`. Sex and birth date follow the number where it says them. `on` is today.
    `number_is_checked`: a card's number whose check digit doesn't fit is taken, because somebody looked at the card.
    """
    _check_known(typed, RESIDENT_FACTS)
    name = _name(typed.get("name", ""), "name")
    phone = _phone(typed.get("phone", ""), "phone")
    number = _number(typed, on=on, is_checked=number_is_checked)
    return {
        "name": name,
        "initials": names.initials(name),
        "phone": phone,
        "phone_fingerprint": fingerprint(phone),
        "sex": _choice(typed.get("sex") or "", Resident.Sex, "sex", or_none=True),
        "born_on": _day(typed.get("born_on"), "born_on", on=on),
        "relation": clean_text(
            clean_relation(typed.get("relation", "")).value, field="relation", limit=LONGEST_RELATION
        ),
        "residence": _choice(typed.get("residence") or Resident.Residence.REGISTERED, Resident.Residence, "residence"),
        "moved_in_on": _day(typed.get("moved_in_on"), "moved_in_on", on=on),
        "note": clean_text(typed.get("note", ""), field="note", limit=LONGEST_NOTE),
        **number,
    }


def clean_text(text: str, *, field: str, limit: int) -> str:
    """One line without invisible characters. What is too long is refused, never cut."""
    text = text_of(text)
    if len(text) > limit:
        raise Refused(_("Too long: at most %(limit)d characters.") % {"limit": limit}, code="too_long", field=field)
    return text


def _check_known(typed: Mapping[str, Any], facts: tuple[str, ...]) -> None:
    if unknown := typed.keys() - set(facts):
        raise TypeError(f"Not a fact that is kept here: {', '.join(sorted(unknown))}")


def _address(text: str) -> str:
    """An address is also the name of the door in the tree, and no longer than that may be."""
    address = clean_text(addresses.clean_address(text), field="address", limit=NAME_LENGTH)
    if not addresses.key_of(address):
        raise Refused(_("The address is missing. Write building and room."), code="address_missing", field="address")
    return address


def _name(text: str, field: str) -> str:
    found = clean_name(text)
    problem = found.problem or (Problem.NO_NAME if not found.name else "")
    if problem:
        raise _refused(problem, field)
    return found.name


def _phone(text: str, field: str) -> str:
    found = clean_phone(text)
    if found.problem:
        raise _refused(found.problem, field)
    if found.others:
        raise Refused(_("One number here. Write further ones into the note."), code="several_phones", field=field)
    return found.number


def _number(typed: Mapping[str, Any], *, on: date, is_checked: bool) -> dict[str, Any]:
    document = _choice(typed.get("document") or Resident.Document.ID_CARD, Resident.Document, "document")
    found = check_number(typed.get("document_number", ""), document=document, on=on)
    refusals = [problem for problem in found.problems if SEVERITY[Problem(problem)] == Severity.REFUSED]
    if refusals and not (is_checked and refusals == [Problem.NUMBER_CHECK_DIGIT]):
        raise _refused(refusals[0], "document_number")
    facts: dict[str, Any] = {
        "document": found.document if found.number else document,
        "document_number": found.number,
        "document_fingerprint": fingerprint(found.number),
        "number_check": found.check,
    }
    if found.sex:
        facts["sex"] = found.sex
    if found.born_on:
        facts["born_on"] = found.born_on
    return facts


def _choice(value: str, choices: Any, field: str, *, or_none: bool = False) -> str:
    if value not in choices.values and not (or_none and not value):
        raise Refused(_("This isn't one of the choices."), code="choice", field=field)
    return str(value)


def _day(day: date | None, field: str, *, on: date) -> date | None:
    if day is not None and day > on:
        raise _refused(Problem.DATE_AHEAD, field)
    return day


def _refused(problem: str, field: str) -> Refused:
    problem = Problem(problem)
    return Refused(str(problem.label), code=problem.value, field=field)
