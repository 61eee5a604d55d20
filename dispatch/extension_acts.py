"""Asking for more time and deciding on it, on the page of an incident."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dispatch import extensions
from dispatch.models import ExtensionRequest
from grids.models import Ability
from grids.posts import has_ability
from incidents.acts import ActPage, add_acts
from incidents.forms.acts import ActForm
from incidents.forms.fields import long_text
from incidents.situation import Situation
from incidents.workflow import Status

_WAITING = "_waiting_extension"


def waiting_in(now: Situation) -> ExtensionRequest | None:
    """The request that waits for a decision; asked of the database once for a situation, like its other facts, and not
    at all where the incident comes loaded."""
    known = vars(now)
    if _WAITING not in known:
        asked: Iterable[ExtensionRequest] = now.incident.extensions.all()
        known[_WAITING] = next((row for row in asked if row.decided_at is None), None)
    request: ExtensionRequest | None = known[_WAITING]
    return request


class AskExtensionForm(ActForm):
    about = "dispatch/about/_ask_extension.html"
    reason = long_text(
        _("Why more time is needed"),
        limit=1000,
        help_text=_("The clock runs on until somebody else has decided."),
    )
    until = forms.DateTimeField(
        label=_("More time until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def prepare(self) -> None:
        self.due_at = extensions.extensible_until(self.situation.incident)
        self.initial.setdefault("until", _a_day_after(self.due_at or self.situation.at))


class DecideExtensionForm(ActForm):
    about = "dispatch/about/_extension.html"
    approve = forms.TypedChoiceField(
        label=_("Decision"),
        choices=(("yes", _("Approve: due at the moment asked for")), ("no", _("Refuse: the time limit stays"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = long_text(_("Remark"), limit=1000, required=False, rows=2, help_text=_("A refusal needs a reason."))

    def prepare(self) -> None:
        self.request = waiting_in(self.situation)
        self.due_at = extensions.extensible_until(self.situation.incident)


def connect() -> None:
    """Add the acts to the page of every incident."""
    add_acts(
        ActPage(
            "ask-extension",
            _("Ask for an extension"),
            _("Your request was sent for a decision."),
            "hourglass",
            AskExtensionForm,
            extensions.ask_extension,
            fits=lambda now: _is_in_progress(now) and waiting_in(now) is None,
            may=lambda now: now.is_lead,
            also=_is_in_time,
            by_api=False,
        ),
        ActPage(
            "decide-extension",
            _("Decide on the extension"),
            _("Your decision is recorded."),
            "clipboard-check",
            DecideExtensionForm,
            extensions.decide_extension,
            fits=lambda now: _is_in_progress(now) and waiting_in(now) is not None,
            may=_decides,
            leads=True,
            by_api=False,
        ),
    )


def _is_in_progress(now: Situation) -> bool:
    return now.incident.status == Status.IN_PROGRESS


def _is_in_time(now: Situation) -> bool:
    due_at = extensions.extensible_until(now.incident)
    return due_at is not None and due_at > now.at


def _decides(now: Situation) -> bool:
    waiting = waiting_in(now)
    asked = waiting is not None and waiting.asked_by_id == now.user.pk
    return not asked and has_ability(now.user, Ability.APPROVE, now.incident.unit)


def _a_day_after(moment: datetime) -> datetime:
    return timezone.localtime(moment) + timedelta(days=1)
