"""Log lines without residents' data, whatever goes wrong.

A database that refuses a row quotes it in its message, and a failed task repeats that message. So messages of database
errors are replaced by their code and constraint, and long runs of digits (documents, telephones) by stars, in the
line, in the traceback and in whatever a library wrote into either.
"""

import logging
import re
from collections.abc import Iterator

from django.db import DatabaseError

# Eleven digits are a mobile number, fifteen to eighteen a document. Shorter codes and keys stay readable, and so do
# the moments and identifiers that hold letters or signs between their digits.
_NUMBERS = re.compile(r"(?<![0-9A-Za-z-])[0-9]{11,17}[0-9Xx]?(?![0-9A-Za-z-])")


def starred(text: str) -> str:
    """`text` with telephone and document numbers replaced by stars."""
    return _NUMBERS.sub("***", text)


class DiscreetFormatter(logging.Formatter):
    """Formats like its base class, with everything that could name a person taken out."""

    def format(self, record: logging.LogRecord) -> str:
        record.exc_text = None  # another handler may have kept an undisguised one
        said = super().format(record)
        record.exc_text = None
        return starred(_withheld(said, record.exc_info[1] if record.exc_info else None))


def _withheld(text: str, error: BaseException | None) -> str:
    """`text`, a traceback included, with the words of the database about its rows replaced by their code."""
    for link in _chain(error):
        words = str(link).rstrip()
        if words and _quotes_rows(link):
            text = text.replace(repr(link), _told(link)).replace(words, _told(link))
    return text


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and those behind it, each once."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _quotes_rows(error: BaseException) -> bool:
    return isinstance(error, DatabaseError) or type(error).__module__.startswith("psycopg2")


def _told(error: BaseException) -> str:
    """What may be said of a database error: its code and the constraint."""
    cause = error if hasattr(error, "pgcode") else error.__cause__
    code = getattr(cause, "pgcode", None) or "no code"
    constraint = getattr(getattr(cause, "diag", None), "constraint_name", None)
    return f"SQLSTATE {code}{f', {constraint}' if constraint else ''} (text withheld)"
