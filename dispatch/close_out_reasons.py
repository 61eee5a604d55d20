"""Why something was still open at the close-out: asked of whoever held it then, answered in their own words.

What is asked about is what was late at the line. What stands still, was given more time or by its own rule may stay
open longer has its reason on record already. The question stands until the street's next close-out asks anew; an
answer may be added at any time, and nothing that was said changes.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final
from unicodedata import normalize

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import clock
from accounts.errors import Forbidden, Refused
from accounts.inbox import tell
from accounts.models import User
from dispatch.holding import HoldingParty, counts_by_person, held_lines, post_of_holder
from dispatch.models import DayClose, DayCloseLine, DayCloseReason
from dispatch.selectors import streets_closed_by
from grids.models import Ability, Post
from grids.posts import label, post_for

LONGEST: Final = 500
_MOBILE: Final = r"(?:86[ -]?)?1[3-9]\d([ -]?)\d{4}\1\d{4}"
_DOCUMENT: Final = r"\d{6} ?\d{8} ?\d{3}[\dXx]"
_NUMBERS: Final = re.compile(rf"(?<!\d)(?:{_MOBILE}|{_DOCUMENT})(?!\d)")
"""Mobile and identity card numbers as people write them: a reason is printed and sent on, and has no need of any."""


@transaction.atomic
def give_reason(line: DayCloseLine, *, actor: User, text: str, at: datetime | None = None) -> DayCloseReason:
    """Note why the incident was open at the close-out. Who has more to say adds another; the same again is one.

    Raises `Forbidden` for who neither serves the party that held it at the line nor closes the street's day, and
    `Refused` for an empty or too long text, or one with somebody's telephone or document number in it.
    """
    at = at or clock.now()
    # Frozen rows can be locked though not changed: of two who press twice, one finds what the other wrote.
    related = DayCloseLine.objects.select_related("day_close__street")
    line = related.select_for_update(of=("self",), no_key=True).get(pk=line.pk)
    post = _post_to_explain(actor, line, at)
    if post is None:
        message = _("This is for whoever held the incident at the close-out, or for the command room.")
        raise Forbidden(message, code="forbidden")
    said = _checked(text)
    same = line.reasons.filter(by=actor, text=said).first()
    return same or line.reasons.create(by=actor, post_label=label(post), at=at, text=said)


def may_explain(user: User, line: DayCloseLine, at: datetime) -> bool:
    return _post_to_explain(user, line, at) is not None


def to_explain(user: User) -> QuerySet[DayCloseLine]:
    """What the user's parties are asked about: late at their street's latest close-out, with no reason yet."""
    return held_lines(user, unexplained())


def unexplained() -> QuerySet[DayCloseLine]:
    """The lines of each street's latest close-out that were late and have no reason yet."""
    latest = DayClose.objects.order_by("street", "-day").distinct("street").values("pk")
    return late_lines().filter(~Exists(DayCloseReason.objects.filter(line=OuterRef("pk"))), day_close__in=latest)


def late_lines() -> QuerySet[DayCloseLine]:
    return DayCloseLine.objects.filter(due_at__lte=F("day_close__due_at"))


def explainable(user: User) -> QuerySet[DayCloseLine]:
    """Every line, of whatever day, that the user may explain: held by a party of theirs, or of a street they close."""
    in_streets = DayCloseLine.objects.filter(day_close__street__in=streets_closed_by(user)).values("pk")
    held = held_lines(user, DayCloseLine.objects.all()).values("pk")
    return DayCloseLine.objects.filter(Q(pk__in=in_streets) | Q(pk__in=held)).select_related("day_close__street")


def ask_holders(closing: DayClose, parties: Mapping[HoldingParty, int]) -> None:
    """One notice a person, with the number of incidents that their departments and units are asked about."""
    url = reverse("dispatch:to_explain")
    for user, count in counts_by_person(parties, closing.frozen_at).items():
        line = f"{timezone.localtime(closing.due_at):%m-%d %H:%M}"
        tell(user, _question(count, line), url=url, tone="warning", at=closing.frozen_at)


def _sentence(count: int, line: str) -> str:
    return ngettext(
        "%(count)d incident that you hold was late at the close-out of %(line)s. Please give the reason.",
        "%(count)d incidents that you hold were late at the close-out of %(line)s. Please give the reasons.",
        count,
    ) % {"count": count, "line": line}


_question = lazy(_sentence, str)


def _post_to_explain(user: User, line: DayCloseLine, at: datetime) -> Post | None:
    """The post by which the user may explain the line: one at the party that held it, else one that closes the day."""
    day = timezone.localdate(at)
    return post_of_holder(user, line, day) or post_for(user, Ability.CLOSE_OUT, line.day_close.street, on=day)


def _checked(text: str) -> str:
    """The text as it is kept."""
    said = text.strip()
    if not said:
        raise Refused(_("Say why it was still open."), code="empty", field="text")
    if len(said) > LONGEST:
        raise Refused(_("Too long: at most %(limit)d characters.") % {"limit": LONGEST}, code="long", field="text")
    if _NUMBERS.search(normalize("NFKC", said)):  # full-width digits are digits
        message = _("Leave out telephone and document numbers: reasons are printed and sent on.")
        raise Refused(message, code="personal", field="text")
    return said
