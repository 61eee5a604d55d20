"""The facts of a person and of a household that a load compares and writes, and the SQL that does it.

An empty cell, or a column that the file doesn't have, says nothing: it never erases what the register knows. Sealed
values are compared by their fingerprints. In all fragments `s` is what the file says and `r` the row of the register.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from households.loading.fields import Field
from households.models import Resident


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: the field that shows it, how to tell that it differs, and the columns that hold it."""

    field: Field
    said: str
    """The expression on `s` and `r` that is true when the file says something else than the register knows."""
    columns: tuple[str, ...]
    """Those written together. A sealed number goes with its fingerprint."""
    type: str = "text"
    default: str = "''"
    """What a new row gets when the file says nothing."""


def _text(field: Field, default: str = "''") -> Fact:
    column = field.value
    return Fact(field, f"s.{column} <> '' AND s.{column} <> r.{column}", (column,), default=default)


def _day(field: Field) -> Fact:
    column = field.value
    return Fact(field, f"s.{column} <> coalesce(r.{column}, 'infinity')", (column,), type="date", default="NULL")


def _sealed(field: Field, *columns: str) -> Fact:
    mark = next(column for column in columns if column.endswith("fingerprint"))
    return Fact(field, f"s.{mark} <> '' AND s.{mark} <> r.{mark}", columns)


def _moved_out() -> Fact:
    """Somebody whom the file names as living here is back, whatever day they once left on."""
    return Fact(
        Field.MOVED_OUT_ON,
        "s.moved_out_on IS DISTINCT FROM r.moved_out_on",
        ("moved_out_on",),
        type="date",
        default="NULL",
    )


PERSON: Sequence[Fact] = (
    Fact(Field.NAME, "s.name <> r.name", ("name", "initials")),
    Fact(
        Field.DOCUMENT,
        "s.document_fingerprint <> '' AND s.document <> '' AND s.document <> r.document",
        ("document",),
        default=f"CASE WHEN s.document_number = '' THEN '{Resident.Document.OTHER}'"
        f" ELSE '{Resident.Document.ID_CARD}' END",
    ),
    _sealed(Field.NUMBER, "document_number", "document_fingerprint", "number_check"),
    _sealed(Field.PHONE, "phone", "phone_fingerprint"),
    _text(Field.SEX),
    _day(Field.BORN_ON),
    _text(Field.RELATION),
    _text(Field.RESIDENCE, default=f"'{Resident.Residence.REGISTERED}'"),
    _day(Field.MOVED_IN_ON),
    _moved_out(),
    _text(Field.NOTE),
)
HOUSEHOLD: Sequence[Fact] = (
    # The address is another when it means another door; only written otherwise, or not at all, it stays as it is.
    Fact(Field.ADDRESS, "s.is_addressed AND s.address_key <> r.address_key", ("address", "address_key")),
    Fact(Field.HOUSEHOLD_NUMBER, "s.number <> '' AND s.number <> r.number", ("number",)),
    _text(Field.DWELLING, default="'owned'"),
    _text(Field.LANDLORD_NAME),
    _sealed(Field.LANDLORD_PHONE, "landlord_phone", "landlord_phone_fingerprint"),
)


def differ(facts: Sequence[Fact]) -> str:
    """True when any of the facts differs."""
    return " OR ".join(f"({fact.said})" for fact in facts)


def assignments(facts: Sequence[Fact]) -> str:
    """`SET`: every column of a fact that differs takes what the file says, the others keep what they have."""
    return ", ".join(
        f"{column} = CASE WHEN {fact.said} THEN s.{column} ELSE r.{column} END"
        for fact in facts
        for column in fact.columns
    )


def record(facts: Sequence[Fact], side: str) -> str:
    """The changed facts as jsonb, as the register (`r`) or the file (`s`) has them."""
    parts = [
        f"CASE WHEN {fact.said} THEN jsonb_build_object("
        + ", ".join(f"'{column}', {side}.{column}" for column in fact.columns)
        + ") ELSE jsonb_build_object() END"
        for fact in facts
    ]
    return "(" + " || ".join(parts) + ")"


def columns(facts: Sequence[Fact]) -> list[str]:
    return [column for fact in facts for column in fact.columns]


def new_values(facts: Sequence[Fact]) -> str:
    """The columns of a new row, with the defaults for what the file doesn't say."""
    values = []
    for fact in facts:
        for column in fact.columns:
            empty = fact.type == "date" or fact.default == "''"
            values.append(f"s.{column}" if empty else f"coalesce(nullif(s.{column}, ''), {fact.default})")
    return ", ".join(values)


def restored(facts: Sequence[Fact], before: str) -> str:
    """`SET`: what stood before a change, out of its jsonb; what isn't in it stays."""
    return ", ".join(
        f"{column} = CASE WHEN {before} ? '{column}' THEN ({before} ->> '{column}')::{fact.type} ELSE r.{column} END"
        for fact in facts
        for column in fact.columns
    )
