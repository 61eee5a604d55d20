"""A sign of life to a monitor elsewhere, which calls for help when the sign stays away.

It is withheld when the last audit found something or is stale: a product that can't vouch for its clocks is as good as
silent. Whoever watches from outside then also notices a machine that is off and a network that is down.
"""

import logging
from datetime import datetime
from functools import cache
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

from django.conf import settings

import clock
from dispatch.audit.audit import STALE
from dispatch.models import ClockAudit

logger = logging.getLogger(__name__)

_TIMEOUT_SECONDS: Final = 5.0


def last_audit(now: datetime) -> ClockAudit | None:
    """The newest audit up to now. One that lies ahead, of a clock that was set back, vouches for nothing."""
    return ClockAudit.objects.filter(hour__lte=now, ran_at__lte=now).order_by("-hour").first()


def vouches(now: datetime) -> bool:
    """Whether the last audit is fresh and found nothing that stands."""
    last = last_audit(now)
    return last is not None and last.is_well and now - last.ran_at <= STALE


def tell_outside(now: datetime | None = None) -> bool:
    """Call `HEARTBEAT_URL`, if it is set and the clocks are vouched for; True when the monitor heard it."""
    if not settings.HEARTBEAT_URL:
        return False
    if not vouches(now or clock.now()):
        logger.warning("The heartbeat to the outside monitor is withheld: the last audit is not well, or stale.")
        return False
    return _call(settings.HEARTBEAT_URL)


def _call(url: str) -> bool:
    """The address is a secret (whoever knows it can feign life), so the log says what failed and not where."""
    try:
        with _opener().open(Request(url, headers={"User-Agent": "weige"}), timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310
            answer.read(1024)
            return True
    except HTTPError as error:
        logger.error("The outside monitor did not take the heartbeat: HTTP %s", error.code)
    except (OSError, HTTPException, ValueError) as error:  # URLError and timeouts are OSErrors
        logger.error("The outside monitor can't be reached: %s", type(getattr(error, "reason", error)).__name__)
    return False


class _StayHere(HTTPRedirectHandler):
    """Followed, a redirect could lead anywhere, and "200" of a log-in page is no monitor's answer."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


@cache
def _opener() -> OpenerDirector:
    """Made when first asked for: it reads the certificates of the machine, a tenth of a second for every process."""
    return build_opener(_StayHere)
