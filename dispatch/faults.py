"""How the clocks speak of a failure in the log."""

import logging

from django.db import DatabaseError


def log_failure(logger: logging.Logger, what: str, error: Exception) -> None:
    """One line that `what` failed, and the traceback unless the database spoke: its words may quote the row, and a row
    of an incident quotes residents."""
    logger.error("%s failed: %s", what, type(error).__name__, exc_info=None if _quotes_rows(error) else error)


def _quotes_rows(error: Exception) -> bool:
    return isinstance(error, DatabaseError) or isinstance(error.__cause__, DatabaseError)
