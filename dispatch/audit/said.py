"""The audit in words: what each finding means for the command room, and what to do about it."""

from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Words:
    means: Promise
    remedy: Promise
    has_numbers: bool = False
    """Its examples are numbers of incidents, whistles or supervision items."""


_WAIT: Final = _("The audit mends this by itself. If it comes again, tell those who look after the system.")
WORDS: Final = {
    "wrong_standstill": Words(_("Clocks that stand still, or run, against the status of their incident"), _WAIT, True),
    "outlived": Words(_("Clocks that live on after what they belong to has ended"), _WAIT, True),
    "without_clock": Words(
        _("Open incidents, whistles or supervision items without a clock"),
        _(
            "No time limit covers them: in the configuration, add a rule for their level and category. Withdraw a"
            " supervision item that has no due time any more, and issue it again."
        ),
        True,
    ),
    "not_found": Words(
        _("Clocks that have run out and were not found"),
        _("Is the worker alive? If so, the row itself can't be written: its error stands in the worker's log."),
        True,
    ),
    "not_climbed": Words(
        _("Escalations that wait for their next rung"),
        _("Is the worker alive? If so, see the error in the worker's log; tell the next tier by telephone meanwhile."),
        True,
    ),
    "stale_claims": Words(
        _("Messages that nobody sends"),
        _("Is the worker alive? Look at the state of the channels below, and read the messages page meanwhile."),
    ),
    "without_digest": Words(
        _("Hours without their digest"),
        _("Nothing worked in these hours. They are not made up for: the present hour's digest says what is owed now."),
    ),
    "without_warning": Words(
        _("Warnings before the close-out that nobody was given"),
        _("Nothing worked at these moments. They are not made up for once the next one, or the close-out, has come."),
    ),
    "without_close_out": Words(
        _("Days that are not closed out"),
        _("Is the worker alive? If so, the street named here can't be frozen: see the error in the worker's log."),
    ),
    "beat_silent": Words(
        _("Beat is silent"), _("Start the process “beat” again: without it nobody asks what is owed.")
    ),
    "worker_silent": Words(
        _("No worker takes orders"), _("Start the process “worker” again: without it nothing is found or sent.")
    ),
}


def said(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings as they are kept, with their words; a check of an earlier version stands under its own name."""
    rows = []
    for finding in findings:
        words = WORDS.get(finding["check"])
        rows.append(
            {
                **finding,
                "means": words.means if words else finding["check"],
                "remedy": words and words.remedy,
                "has_numbers": bool(words and words.has_numbers),
            }
        )
    return rows
