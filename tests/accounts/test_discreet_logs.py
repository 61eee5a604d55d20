"""No line of any log names a resident."""

import logging
import sys

import pytest
from django.db import DatabaseError, connection, transaction

from accounts.discreet_logs import DiscreetFormatter, starred
from accounts.models import User

FORMATTER = DiscreetFormatter("{levelname} {name}: {message}", style="{")


def record(message: str, *args: object, error: BaseException | None = None) -> logging.LogRecord:
    exc_info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("a", logging.ERROR, "a.py", 1, message, args, exc_info)


def refused_row() -> BaseException:
    """A real refusal of the database that quotes what it refuses."""
    User.objects.create_user("wanger", password=None, name="王二")
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO accounts_user (username, name, phone, password, is_superuser, is_staff, is_active, email,"
                " date_joined, language, theme, large_type, must_change_password, unread_notices)"
                " VALUES ('wanger', '王二', '', '', false, false, true, '', now(), 'en', 'auto', false, false, 0)"
            )
    except DatabaseError:
        error = sys.exception()
        assert error is not None
        return error
    raise AssertionError("The database took the second row.")


@pytest.mark.django_db
def test_a_refused_row_is_not_quoted_in_line_or_traceback() -> None:
    error = refused_row()
    assert "wanger" in str(error)
    said = FORMATTER.format(record("Task %s raised unexpected: %r", "load", error, error=error))
    assert "(wanger)" not in said
    assert "wanger" not in said.split("Traceback")[0]
    assert "23505" in said


def test_numbers_become_stars() -> None:
    error = ValueError("bad 330206199001010013")
    said = FORMATTER.format(record("phone %s, %s", "13812341234", "33020619900101001X", error=error))
    assert "13812341234" not in said
    assert "330206199001010013" not in said
    assert said.startswith("ERROR a: phone ***, ***")


@pytest.mark.parametrize(
    "text", ["2026-11-22T16:00:00", "330206004", "took 12 ms", "id 1234567890", "a1b2-330206199001"]
)
def test_codes_and_moments_stay_readable(text: str) -> None:
    assert starred(text) == text
