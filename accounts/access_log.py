"""The one door into the access log."""

from datetime import datetime

import clock
from accounts.models import AccessRecord, User

Act = AccessRecord.Act


def record_access(
    actor: User | None,
    *,
    act: AccessRecord.Act,
    subject: str,
    subject_id: int | None,
    what: str = "",
    unit_code: str = "",
    is_own_area: bool | None = None,
    reason: str = "",
    address: str | None = None,
    at: datetime | None = None,
) -> AccessRecord:
    """Append one row. Call it inside the transaction of what it records, so that neither stands without the other.

    `address` is the network address of the request, None for a command or a task.
    """
    return AccessRecord.objects.create(
        actor=actor,
        at=at or clock.now(),
        act=act,
        subject=subject,
        subject_id=subject_id,
        what=what,
        unit_code=unit_code,
        is_own_area=is_own_area,
        reason=reason,
        address=address,
    )
