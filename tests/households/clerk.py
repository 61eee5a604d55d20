"""One of the processes of `test_services_at_once`: imports nothing of Django until it has set it up."""

import os
from typing import Any

ROUNDS = 5


def work(number: int, database: str, micro_ids: list[int], start: Any, done: Any) -> None:
    """Add in each round a household of one's own and one that everybody adds; report how it went."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "governance.settings"
    try:
        import django

        django.setup()
        from django.db import connection

        connection.settings_dict["NAME"] = database
        _add_households(number, micro_ids, start)
        connection.close()
        done.put((number, ""))
    except BaseException as error:
        start.abort()
        done.put((number, repr(error)))
        raise


def _add_households(number: int, micro_ids: list[int], start: Any) -> None:
    from grids.models import Unit
    from households.services import add_household

    micros = Unit.objects.in_bulk(micro_ids)
    start.wait(60)
    for step in range(ROUNDS):
        here = micros[micro_ids[(number + step) % len(micro_ids)]]
        add_household(here, actor=None, address=f"{number + 1}幢{step + 1}01室")
        add_household(micros[micro_ids[0]], actor=None, address=f"新村一组{step + 1}号")
