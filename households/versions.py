"""One writer at a time on a street's register, and how a preview knows that it is still true."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from households.models import StreetRegister


def hold_register(street_id: int, *, at: datetime) -> int:
    """Take the register of the street for this transaction and count its version up. Returns the version before.

    Every act that writes households, residents or tags calls this first, loads and by-hand acts alike; whoever comes
    second waits. An act that also changes the tree takes the street's tree lock first (`tree_numbers.lock_street`):
    always in this order, so that no two acts wait for each other.
    """
    version = lock_register(street_id, at=at)
    StreetRegister.objects.filter(pk=street_id).update(version=F("version") + 1, changed_at=at)
    return version


def lock_register(street_id: int, *, at: datetime) -> int:
    """Take the register as `hold_register` does, without saying that it changes: for who may find nothing to write."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("The register is held for a transaction; begin one first.")
    StreetRegister.objects.bulk_create(
        [StreetRegister(street_id=street_id, version=0, changed_at=at)], ignore_conflicts=True
    )
    return StreetRegister.objects.select_for_update().get(pk=street_id).version


def version_of(street_id: int) -> int:
    """The version of the street's register as it stands; 0 for one that was never written."""
    return StreetRegister.objects.filter(pk=street_id).values_list("version", flat=True).first() or 0
