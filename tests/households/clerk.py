"""What each of the processes of `test_services_at_once` does."""

from grids.models import Unit
from households.services import add_household

ROUNDS = 5


def add_households(number: int, micro_ids: list[int]) -> None:
    """Add in each round a household of one's own and one that everybody adds."""
    micros = Unit.objects.in_bulk(micro_ids)
    for step in range(ROUNDS):
        here = micros[micro_ids[(number + step) % len(micro_ids)]]
        add_household(here, actor=None, address=f"{number + 1}幢{step + 1}01室")
        add_household(micros[micro_ids[0]], actor=None, address=f"新村一组{step + 1}号")
