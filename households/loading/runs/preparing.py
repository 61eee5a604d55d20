"""Reading a load: the file to staged rows, its places to units, its rows to verdicts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

import clock
from accounts.errors import Refused
from accounts.sealing import SealBroken
from households.loading import kept_files
from households.loading.cleaning.people import read_people
from households.loading.comparison.comparing import compare
from households.loading.errors import FileRefused
from households.loading.files.reading import Book, open_book
from households.loading.placing import named_places
from households.loading.plan import BookPlan
from households.loading.progress import READING, Reporter
from households.loading.recognition.recognising import recognise
from households.loading.recognition.verdicts import why_not
from households.loading.rows import NamedPlace
from households.loading.runs import telling
from households.loading.runs.work import MOST_ATTEMPTS, PASSING, State, at_work, begin, locked
from households.loading.staging import staged
from households.loading.tag_words import words_of_tags
from households.models import LayoutTemplate, RegisterLoad, TagKind


def read(load_id: int, *, at: datetime | None = None) -> RegisterLoad | None:
    """Read the load's file and compare it with the register: READY, or REFUSED with the reason in `refusal`.

    What is staged already isn't read again, so the same call follows a correction of the places. None when there is
    nothing to do: another process is at it, or the load is past this. Raises what is our own fault, with the load
    refused; when the database went away, the load stays as it is and is taken up again.
    """
    with at_work(load_id) as is_ours:
        if not is_ours:
            return None
        load = begin(load_id, State.RECEIVED, State.READING, state=State.READING, at=at or clock.now())
        if load is None:
            return None
        if load.attempts > MOST_ATTEMPTS:
            return _refuse(load, _gave_up())
        kept_files.forget_errors(load)
        report = Reporter(load.pk, READING)
        try:
            _prepare(load, report)
        except Refused as refused:
            return _refuse(load, refused.message)
        except PASSING:
            raise
        except Exception:
            _refuse(load, _our_fault())
            raise
        finally:
            seconds = report.end()
        return _ready(load, seconds, at=at or clock.now())


def _prepare(load: RegisterLoad, report: Reporter) -> None:
    if not staged.is_whole(load):
        _stage(load, report)
    rows = load.staged_rows or 0
    report.say("finding", 0, rows)
    named_places.find(load)
    report.say("comparing", 0, rows)
    compare(load, on=clock.today())


def _stage(load: RegisterLoad, report: Reporter) -> None:
    report.say("opening", 0, 0)
    named: list[NamedPlace] = []
    try:
        with kept_files.opened(load) as path, open_book(path, load.file_name) as book:
            report.say("recognising", 0, 0)
            plan = _plan(load, book)
            lines = sum(sheet.lines for sheet in plan.registers)
            report.say("rows", 0, lines)
            kinds = TagKind.objects.values_list("code", "name", "name_en")
            people = read_people(book, plan, named, on=clock.today(), tags=words_of_tags(kinds))
            counted = staged.stage(load, people, said=lambda rows: report.say("rows", rows, lines))
    except FileNotFoundError as error:
        raise FileRefused(_("The file isn't kept any more. Send it again."), code="file_gone") from error
    except SealBroken as error:
        raise FileRefused(_("The kept file can't be opened any more. Send it again."), code="file_gone") from error
    if not load.staged_rows:
        raise FileRefused(
            _("No person and no dwelling was found below the header. Check that the right file was sent."),
            code="no_rows",
        )
    named_places.keep(load, named, counted)


def _plan(load: RegisterLoad, book: Book) -> BookPlan:
    """As the user corrected it; else as we recognise it, with what was corrected in files of the same layout."""
    plan = BookPlan.from_json(load.plan)
    if not plan.sheets:
        plan = recognise(book, load.file_name, known=_known_layouts(load))
        load.plan = plan.as_json()
        RegisterLoad.objects.filter(pk=load.pk).update(plan=load.plan)
    if not plan.registers:
        raise FileRefused(_why_no_register(plan), code="no_register")
    return plan


def _known_layouts(load: RegisterLoad) -> Mapping[str, Mapping[str, Any]]:
    """By layout: what was said for everybody, and over it what was said in this street."""
    streets = [None, load.scope.street_id if load.scope else None]
    templates = LayoutTemplate.objects.filter(street=None)
    if streets[1] is not None:
        templates = templates.union(LayoutTemplate.objects.filter(street=streets[1]))
    known = sorted(templates, key=lambda template: template.street_id or 0)
    return {template.layout: template.plan for template in known}


def _why_no_register(plan: BookPlan) -> str:
    """One sentence: of the only sheet, or of each that was looked at."""
    reasons = [(sheet.name, why_not(sheet)) for sheet in plan.sheets if not sheet.is_register]
    if not reasons:
        return _("All sheets are left out. Choose one to be read.")
    if len(plan.sheets) == 1:
        return reasons[0][1]
    shown = " ".join(_("Sheet “%(sheet)s”: %(reason)s") % {"sheet": name, "reason": why} for name, why in reasons[:3])
    return _("No sheet is a register of residents. %(reasons)s") % {"reasons": shown}


@transaction.atomic
def _ready(load: RegisterLoad, seconds: Mapping[str, float], *, at: datetime) -> RegisterLoad:
    counts = load.counts
    load = locked(load.pk)
    if load.state != State.READING:
        return load  # discarded meanwhile
    load.state, load.counts, load.attempts = State.READY, counts, 0
    load.previewed_at, load.alive_at = at, at
    load.seconds = {**load.seconds, **seconds}
    load.save(
        update_fields=["state", "counts", "attempts", "previewed_at", "alive_at", "seconds"],
    )
    telling.tell_ready(load)
    return load


@transaction.atomic
def _refuse(load: RegisterLoad, why: str) -> RegisterLoad:
    load = locked(load.pk)
    if load.state != State.READING:
        return load  # discarded meanwhile
    load.state, load.refusal = State.REFUSED, why[:300]
    load.attempts, load.ended_at = 0, clock.now()
    load.save(update_fields=["state", "refusal", "attempts", "ended_at"])
    telling.tell_refused(load)
    return load


def _gave_up() -> str:
    return _("Reading this file was begun several times and never came to its end. Split it into smaller files.")


def _our_fault() -> str:
    return _("Reading failed through a fault of ours, not of the file. Try again; if it stays so, tell the operator.")
