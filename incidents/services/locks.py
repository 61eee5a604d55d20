"""Locks on things that have no row yet."""

import uuid

from django.db import connection


def wait_for_same(client_uuid: uuid.UUID) -> None:
    """Until this transaction ends, nobody else files the report of this form or adds a photo to it.

    Two sendings at one moment: the second waits here for the first, and then finds what the first has written.
    """
    key = client_uuid.int & 0x7FFF_FFFF_FFFF_FFFF
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
