"""News of the tree for the apps above it.

`unit_changed` is sent inside the transaction and under the street's lock, with `send`: a receiver that raises undoes
the change instead of vanishing in a log. It carries `change` (the `UnitChange` just written) and `unit` (the `Unit`
as it stands after the change). After a move the whole subtree carries new ancestor columns already, so a receiver
that keeps copies of them joins `Unit` on `tree_id` and `lft BETWEEN unit.lft AND unit.rght`.

Loads in bulk send nothing: a unit that was just made has nothing hanging on it yet.
"""

from django.dispatch import Signal

unit_changed = Signal()
