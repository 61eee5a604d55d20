"""One of the processes of `test_at_once`: imports nothing of Django until it has set it up."""

import os
from typing import Any

ROUNDS = 6


def work(number: int, database: str, micro_ids: list[int], start: Any, done: Any) -> None:
    """Add a household in each round, here and there, and move every third one on; report how it went."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "governance.settings"
    try:
        import django

        django.setup()
        from django.db import connection

        connection.settings_dict["NAME"] = database
        _change_the_tree(number, micro_ids, start)
        connection.close()
        done.put((number, ""))
    except BaseException as error:
        start.abort()
        done.put((number, repr(error)))
        raise


def _change_the_tree(number: int, micro_ids: list[int], start: Any) -> None:
    from grids import tree
    from grids.models import Kind, Unit

    micros = Unit.objects.in_bulk(micro_ids)
    start.wait(60)
    for step in range(ROUNDS):
        here = micros[micro_ids[(number + step) % len(micro_ids)]]
        there = micros[micro_ids[(number * 3 + step + 1) % len(micro_ids)]]
        unit = tree.add_unit(here, kind=Kind.HOUSEHOLD, name=f"{number}幢{step}室", actor=None, reason="practice")
        if step % 3 == 0:
            tree.move_unit(unit, parent=there, actor=None, reason="practice")
