"""Numbers of what is called for: a sign, the day, the street, and how many it is (督20261122-330206003-0007)."""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model
from django.db.models.functions import Length
from django.utils import timezone


def next_number(model: type[Model], sign: str, place_code: str, *, at: datetime) -> str:
    """The next number of a place's day among the rows of `model`, which are never deleted.

    Until the transaction ends nobody else gets a number of that sign, place and day: unique, without gaps, and a caller
    may look for a row just like its own before it writes.
    """
    beginning = f"{sign}{timezone.localdate(at):%Y%m%d}-{place_code}-"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [beginning])
    given: Any = model._default_manager.filter(number__startswith=beginning).values_list("number", flat=True)
    # By length first: beyond 9999 a number is longer, and greater.
    last = given.order_by(Length("number").desc(), "-number").first()
    return f"{beginning}{int(last.removeprefix(beginning)) + 1 if last else 1:04d}"
