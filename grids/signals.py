"""News of the tree for the apps above it.

`unit_changed` is sent inside the transaction and under the street's lock, with `send`: a receiver that raises undoes
the change instead of vanishing in a log. It carries `change` (the `UnitChange` just written) and `unit` (the `Unit`
as it stands after the change). After a move the whole subtree carries new ancestor columns already, so a receiver
that keeps copies of them joins `Unit` on `tree_id` and `lft BETWEEN unit.lft AND unit.rght`.

Adding in bulk sends nothing: a unit that was just made has nothing hanging on it yet. A load that moves doors sends
`doors_moved` once, with `unit_ids`, after their ancestor columns are written: what hangs on them follows in one go.
Renaming and retiring doors by loads is the register's own doing, which it knows of.
"""

from enum import StrEnum

from django.dispatch import Signal

unit_changed = Signal()
doors_moved = Signal()

# An order was given or taken back: the apps above tell the street's chat groups. `mode_changed` carries `order` (an
# `OperationMode`), `zone_changed` too (a `ZoneOrder` with its units); both carry `act` (an `OrderAct`) and `at`.
mode_changed = Signal()
zone_changed = Signal()


class OrderAct(StrEnum):
    ORDERED = "ordered"
    RENEWED = "renewed"
    ENDED = "ended"
