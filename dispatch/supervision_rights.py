"""Who may do what with a supervision item, and from where it leads whither: a table, and the standings behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dispatch.models import Supervision, SupervisionStep
from grids.models import Ability, Post, Unit
from grids.posts import post_at_party, post_for, serves_party

Act = SupervisionStep.Act
State = Supervision.State
Standing = Callable[[User, Supervision, datetime], Post | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """From which states an act leads where (None: nowhere), by whose post, and whether it needs words."""

    states: tuple[str, ...]
    to: str | None
    post: Standing
    refusal: Promise
    needs_note: bool = True


def may(user: User, item: Supervision, act: Act, *, at: datetime) -> bool:
    """True when a page should offer the act; the service decides again under the lock."""
    rule = RULES[act]
    return item.state in rule.states and rule.post(user, item, at) is not None


def place_of(item: Supervision) -> Unit:
    """Over what one needs the ability: the unit it is about, the place of its incident, or the whole street."""
    if item.unit is not None:
        return item.unit
    return item.incident.unit if item.incident is not None else item.street


def _of_target(user: User, item: Supervision, at: datetime) -> Post | None:
    return post_at_party(user, item.target, on=timezone.localdate(at))


def _of_watcher(user: User, item: Supervision, at: datetime) -> Post | None:
    """Whoever supervises the place, but does not serve the target."""
    on = timezone.localdate(at)
    return None if serves_party(user, item.target, on=on) else post_for(user, Ability.SUPERVISE, place_of(item), on=on)


def _of_checker(user: User, item: Supervision, at: datetime) -> Post | None:
    """A watcher who had no hand in it, in this round or an earlier one."""
    had_a_hand = item.steps.filter(act=Act.RECTIFY, actor=user).exists()
    return None if had_a_hand else _of_watcher(user, item, at)


_ONLY_TARGET: Final = _("Only who signs and handles for %(target)s reports it as rectified.")
_ONLY_OTHERS: Final = _(
    "The re-check is for somebody who supervises this place, serves no part of %(target)s and had no hand in it."
)
_ONLY_WATCHER: Final = _("Only who supervises this place and doesn't serve %(target)s decides this.")

RULES: Final[dict[str, Rule]] = {
    Act.RECTIFY: Rule((State.ISSUED,), State.RECTIFIED, _of_target, _ONLY_TARGET),
    Act.CONFIRM: Rule((State.RECTIFIED,), State.DONE, _of_checker, _ONLY_OTHERS, needs_note=False),
    Act.REJECT: Rule((State.RECTIFIED,), State.ISSUED, _of_checker, _ONLY_OTHERS),
    Act.EXTEND: Rule((State.ISSUED,), None, _of_watcher, _ONLY_WATCHER),
    Act.WITHDRAW: Rule((State.ISSUED, State.RECTIFIED), State.WITHDRAWN, _of_watcher, _ONLY_WATCHER),
}
