"""Moments of the tests, as a clock on a wall in Shanghai shows them."""

from datetime import datetime
from zoneinfo import ZoneInfo

_SHANGHAI = ZoneInfo("Asia/Shanghai")


def on(day: str, at: str = "09:00") -> datetime:
    """`on("2026-11-20", "15:59")`; seconds may follow."""
    return datetime.fromisoformat(f"{day}T{at}").replace(tzinfo=_SHANGHAI)


def friday(at: str) -> datetime:
    """On the day on which the incidents of `tests.incidents.stages` are reported."""
    return on("2026-11-20", at)


def saturday(at: str) -> datetime:
    return on("2026-11-21", at)
