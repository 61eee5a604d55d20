"""The acts on the register by hand: the only code, beside the loader, that writes households, residents and tags.

Each act holds the street's register (after the street's tree, when a door comes, goes or moves), reads what it changes
only then, asks for the right over the place, writes what differs, and leaves a row of history. What is asked for twice
is done once. Refusals are `accounts.errors.Refused`, and then nothing is written.
"""

from households.services.households import add_household, close_household, correct_household
from households.services.moving import move_back, move_household, move_out, move_resident
from households.services.residents import add_resident, correct_resident
from households.services.revealing import reveal_number
from households.services.splitting import merge_households, split_household
from households.services.tags import end_tag, tag_resident

__all__ = [
    "add_household",
    "add_resident",
    "close_household",
    "correct_household",
    "correct_resident",
    "end_tag",
    "merge_households",
    "move_back",
    "move_household",
    "move_out",
    "move_resident",
    "reveal_number",
    "split_household",
    "tag_resident",
]
