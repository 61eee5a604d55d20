"""Rows of a file as staging leaves them, written directly: comparing and applying are tested without any file."""

import itertools
from datetime import date, datetime
from typing import Any

from accounts.models import User
from accounts.sealing import fingerprint, seal
from grids.models import Unit
from households.loading.cleaning import addresses
from households.loading.comparison import comparing
from households.loading.staging import partitions
from households.loading.writing import applying
from households.models import NamedPlaceRow, RegisterLoad, Resident, StagedPerson, StagedVerdict

_sizes = itertools.count(1)


def line(home: int, name: str = "", *, at: Unit | str | None = None, **facts: Any) -> dict[str, Any]:
    """One line of a file. `at` is its micro-grid, or the name of a place that isn't in the tree."""
    return {"home": home, "name": name, "at": at, **facts}


def load_of(*lines: dict[str, Any], at: datetime, answers: dict[str, Any] | None = None, **facts: Any) -> RegisterLoad:
    """A load with these lines staged; homes without a place stand where the line before stands."""
    load = RegisterLoad.objects.create(
        made_at=at, file_name="台账.xlsx", size=next(_sizes), digest="0" * 64, answers=answers or {}, **facts
    )
    partitions.make(StagedPerson, load.pk)
    places: dict[Any, int] = {}
    place: Any = None
    for ordinal, said in enumerate(lines):
        said = dict(said)
        place = said.pop("at") or place
        if place not in places:
            places[place] = _place(load, len(places), place)
        StagedPerson.objects.create(**_row(load, ordinal, places[place], said))
    partitions.finish(StagedPerson, load.pk)
    return load


def _place(load: RegisterLoad, index: int, place: Any) -> int:
    if place is None:
        return -1
    named = {"load": load, "index": index, "micro_grid": getattr(place, "name", "")}
    if isinstance(place, Unit):
        found = NamedPlaceRow.Found.BY_NAME if place.kind == "micro_grid" else NamedPlaceRow.Found.NEW
        NamedPlaceRow.objects.create(**named, found=found, unit=place)
    else:
        NamedPlaceRow.objects.create(**named, found=place)
    return index


def _row(load: RegisterLoad, ordinal: int, place: int, said: dict[str, Any]) -> dict[str, Any]:
    texts = {
        field.name: ""
        for field in StagedPerson._meta.get_fields()
        if field.get_internal_type() == "TextField"
    }  # fmt: skip
    number, phone, landlord_phone = (said.pop(key, "") for key in ("number", "phone", "landlord_phone"))
    address = said.pop("address", "")
    return {
        **texts,
        "load_id": load.pk,
        "ordinal": ordinal,
        "sheet": 0,
        "line": ordinal + 2,
        "member": 0,
        "place": place,
        "address": address,
        "address_key": addresses.key_of(address),
        "document_number": seal(number),
        "document_fingerprint": fingerprint(number),
        "document": Resident.Document.ID_CARD if number else "",
        "number_check": Resident.NumberCheck.VALID if number else "",
        "phone": seal(phone),
        "phone_fingerprint": fingerprint(phone),
        "landlord_phone": seal(landlord_phone),
        "landlord_phone_fingerprint": fingerprint(landlord_phone),
        **said,
    }


def compared(load: RegisterLoad) -> RegisterLoad:
    comparing.compare(load, on=date(2026, 11, 20))
    return load


def verdicts(load: RegisterLoad) -> list[str]:
    """In the order of the lines."""
    return list(StagedVerdict.objects.filter(load_id=load.pk).order_by("ordinal").values_list("verdict", flat=True))


def problems(load: RegisterLoad) -> list[list[str]]:
    found = StagedVerdict.objects.filter(load_id=load.pk).order_by("ordinal").values_list("problems", flat=True)
    return [[code for code, _column in codes or []] for codes in found]


def applied(load: RegisterLoad, street: Unit, *, at: datetime, actor: User | None = None) -> dict[str, int]:
    """Compare, then apply the load to the street."""
    compared(load)
    return applying.apply_street(load, street.pk, actor=actor, at=at)
