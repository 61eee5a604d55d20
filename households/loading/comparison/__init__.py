"""What a load would do: each staged row beside the register, in sets.

`comparing` is the way in; `preview` opens the counts to their rows.
"""
