"""The furnished demonstration district at a fixed moment: the same pages today and in a year."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from unittest.mock import patch

from governance.demo import district, history
from governance.demo.scales import SMALL
from households.loading.runs import enqueueing
from tests.walk.examples import Examples
from tests.walk.furniture import Furnisher

NOW = datetime(2026, 11, 20, 7, 20, tzinfo=UTC)  # a Friday, twenty past three in Shanghai: the close-out is near


@contextmanager
def furnished_district(*, is_full: bool) -> Iterator[Examples]:
    """Build it in an empty database, and stop the product's clock for as long as the block lasts.

    Full, its history is that of the demonstration, good to look at; otherwise a quiet week, built in half the time.
    """
    with ExitStack() as patches:
        for name in ("clock.now", "clock.source.now"):
            patches.enter_context(patch(name, lambda: NOW))
        patches.enter_context(patch.object(enqueueing, "work_soon", lambda task, load_id: None))
        with ExitStack() as quiet:
            if not is_full:
                quiet.enter_context(patch.dict(district.A_DAY, small=1))
                quiet.enter_context(patch.object(history, "WEEKS", 1))
            _build()
        yield Examples()


def _build() -> None:
    if district.build(SMALL, password="only-for-pictures", say=lambda text: None, now=NOW) is None:
        raise RuntimeError("There is a district already: this needs an empty database.")
    Furnisher(NOW).furnish()
