"""The catalogue changes through one door: a change makes a new version and ends the old one."""

import csv
import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

import clock
from accounts.errors import Refused
from accounts.models import User
from incidents.catalogue_sheet import Departments, header, terms_from
from incidents.models import Category
from incidents.terms import Terms, columns_of, terms_of
from incidents.texts import clean_text

FILE: Final = Path(__file__).resolve().parent.parent / "catalogue" / "categories.csv"
_LOCK: Final = 0x6361_7461  # "cata": one writer of the catalogue at a time; it changes a few times a year
_CODE: Final = re.compile(r"(\d\d){1,3}", re.ASCII)
_LONGEST: Final = {
    "name_en": 80,
    "description": 1000,
    "description_en": 1000,
    "closing_conditions": 1000,
    "closing_conditions_en": 1000,
    "keywords": 500,
}


@transaction.atomic
def revise_category(code: str, *, terms: Terms, actor: User | None, at: datetime | None = None) -> Category:
    """The entry `code` says this from now on: a new version, or version 1 of a new entry.

    When it says so already nothing is written. Raises `Refused`, beside the field, for terms that can't stand.
    """
    _wait_for_other_writers()
    terms, at = checked(code, terms), at or clock.now()
    present = current(code)
    if present is not None and terms_of(present) == terms:
        return present
    if present is not None:
        _end(present, actor=actor, at=at)
    last = Category.objects.filter(code=code).order_by("version").last()
    version = last.version + 1 if last else 1
    revised = Category.objects.create(code=code, version=version, **columns_of(terms), started_at=at, started_by=actor)
    revised.assisting.set(terms.assisting)
    return revised


@transaction.atomic
def retire_category(code: str, *, actor: User | None, at: datetime | None = None) -> None:
    """Nothing is reported under `code` from now on; incidents keep it. Done already, it changes nothing.

    Raises `Refused` while entries below it are in use.
    """
    _wait_for_other_writers()
    present = current(code)
    if present is None:
        return
    if below := _below(code):
        raise Refused(
            _("%(code)s has entries below it: retire %(below)s first.") % {"code": code, "below": ", ".join(below)},
            code="below",
        )
    _end(present, actor=actor, at=at or clock.now())


@transaction.atomic
def load_categories(path: Path = FILE, *, actor: User | None = None, at: datetime | None = None) -> int:
    """Add the entries of a catalogue file that the catalogue has never had; returns how many.

    The others stay as they are: they belong to the administrator, who may have changed or retired them. Raises
    `Refused`, naming row and column, and then adds nothing; the departments that the file names must exist.
    """
    known = set(Category.objects.values_list("code", flat=True))
    departments = Departments()
    added = 0
    for line, cells in sorted(_rows(path), key=lambda row: row[1]["code"]):
        if cells["code"] in known:
            continue
        try:
            terms = terms_from(cells, departments=departments)
            revise_category(cells["code"], terms=terms, actor=actor, at=at)
        except Refused as refusal:
            where = {"row": line, "column": header(refusal.field), "message": refusal.message}
            message = _("Row %(row)d, %(column)s: %(message)s") % where
            raise Refused(message, code=refusal.code, field=refusal.field) from refusal
        added += 1
    return added


def current(code: str) -> Category | None:
    """The version that counts now; None for an entry that is retired or never was."""
    return Category.objects.filter(code=code, ended_at=None).first()


def checked(code: str, terms: Terms) -> Terms:
    """The terms as they are kept: texts cleaned, lists in order. Raises `Refused` for what can't stand."""
    _check_place(code, is_group=terms.level is None)
    _check_work(terms)
    texts: dict[str, Any] = {
        name: clean_text(getattr(terms, name), limit=limit, field=name) for name, limit in _LONGEST.items()
    }
    texts["name"] = clean_text(terms.name, limit=60, field="name", required=True)
    others = {department.code: department for department in terms.assisting if department != terms.lead}
    return replace(terms, **texts, assisting=tuple(others[code] for code in sorted(others)))


def _check_place(code: str, *, is_group: bool) -> None:
    """The code carries the hierarchy: the tier above must be there, and be a group."""
    if not _CODE.fullmatch(code):
        raise Refused(_("A category code has two, four or six digits."), code="code", field="code")
    if above := code[:-2]:
        parent = current(above)
        if parent is None:
            raise Refused(
                _("There is no entry %(code)s for it to stand under.") % {"code": above}, code="parent", field="code"
            )
        if parent.is_reportable:
            raise Refused(
                _("%(code)s is itself reported under; only a group, without a level, has entries below.")
                % {"code": above},
                code="parent",
                field="code",
            )
    if not is_group and (below := _below(code)):
        raise Refused(
            _("It has entries below it (%(below)s): it stays a group, without a level.") % {"below": ", ".join(below)},
            code="below",
            field="level",
        )


def _check_work(terms: Terms) -> None:
    """What can be reported has a level and somebody who sees to it; a group has neither."""
    if terms.level is None:
        for field in ("lead", "assisting", "limit_minutes"):
            if getattr(terms, field):
                raise Refused(
                    _("A group has none, for nothing is reported under it. Give it a level, or leave this empty."),
                    code="group",
                    field=field,
                )
    elif terms.level not in range(1, 5):
        raise Refused(_("A level is 1, 2, 3 or 4."), code="level", field="level")
    elif terms.lead is None:
        raise Refused(
            _("Name the department that leads: what has a level is reported under."), code="lead", field="lead"
        )
    if terms.limit_minutes is not None and terms.limit_minutes < 1:
        raise Refused(
            _("A limit is at least one minute. Leave it empty for the limit of the level."),
            code="limit",
            field="limit_minutes",
        )


def _below(code: str) -> list[str]:
    """The codes one tier down that are in use."""
    one_down = Category.objects.filter(code__regex=rf"^{re.escape(code)}\d\d$", ended_at=None)
    return list(one_down.order_by("code").values_list("code", flat=True))


def _end(category: Category, *, actor: User | None, at: datetime) -> None:
    category.ended_at, category.ended_by = at, actor
    category.save(update_fields=["ended_at", "ended_by"])


def _wait_for_other_writers() -> None:
    """Versions and tiers are judged on what stands now: two writers at once would both be right and end up wrong."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """Line number and cells of each row of a file of our own making."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(enumerate(csv.DictReader(file), start=2))
