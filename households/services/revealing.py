"""Showing a number that is masked everywhere else. Each look is in the access log."""

from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.access_log import Act, record_access
from accounts.errors import Forbidden, Refused
from accounts.models import User
from grids.models import Ability, Unit
from grids.posts import has_ability
from households.facts import clean_text
from households.models import Household, Resident

RESIDENT_NUMBERS: Final = ("document_number", "phone")
HOUSEHOLD_NUMBERS: Final = ("landlord_phone",)
_LONGEST_REASON: Final = 200


@transaction.atomic
def reveal_number(
    subject: Resident | Household,
    *,
    what: str,
    actor: User,
    reason: str = "",
    address: str | None = None,
    at: datetime | None = None,
) -> str:
    """The full number, with a record of the look in the same transaction.

    In one's own area, where a post of the actor's reveals numbers, no reason is asked for; elsewhere there is none
    without. `address` is the network address of the request. Who doesn't see the register of the place sees nothing.
    """
    is_person = isinstance(subject, Resident)
    if what not in (RESIDENT_NUMBERS if is_person else HOUSEHOLD_NUMBERS):
        raise ValueError(f"Not a number: {what}")
    unit = subject.household.unit if isinstance(subject, Resident) else subject.unit
    is_own = is_own_area(actor, unit)
    reason = clean_text(reason, field="reason", limit=_LONGEST_REASON)
    if not is_own and not has_ability(actor, Ability.SEE_REGISTER, unit):
        raise Forbidden(_("No post of yours lets you see the register here."), code="no_right")
    if not is_own and not reason:
        raise Refused(
            _("Outside your own area a reason is needed. It stays in the access log."),
            code="reason_missing",
            field="reason",
        )
    record_access(
        actor,
        act=Act.REVEAL,
        subject="resident" if is_person else "household",
        subject_id=subject.pk,
        what=what,
        unit_code=unit.code[:22],
        is_own_area=is_own,
        reason=reason,
        address=address,
        at=at,
    )
    return str(getattr(subject, what))


def is_own_area(user: User, unit: Unit) -> bool:
    """Whether one tap is enough: a post of the user's reveals numbers at that place."""
    return has_ability(user, Ability.REVEAL_NUMBERS, unit)
