"""From cells to clean rows: what a cell says (`identity`, `dates`, `phones`…), whose it is, and behind which door.

`people` is the way in: a sheet with its plan goes in, chunks of columns (`loading.rows.People`) come out.
"""
