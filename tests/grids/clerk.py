"""What each of the processes of `test_at_once` does."""

from grids import tree
from grids.models import Kind, Unit

ROUNDS = 6


def change_the_tree(number: int, micro_ids: list[int]) -> None:
    """Add a household in each round, here and there, and move every third one on."""
    micros = Unit.objects.in_bulk(micro_ids)
    for step in range(ROUNDS):
        here = micros[micro_ids[(number + step) % len(micro_ids)]]
        there = micros[micro_ids[(number * 3 + step + 1) % len(micro_ids)]]
        unit = tree.add_unit(here, kind=Kind.HOUSEHOLD, name=f"{number}幢{step}室", actor=None, reason="practice")
        if step % 3 == 0:
            tree.move_unit(unit, parent=there, actor=None, reason="practice")
