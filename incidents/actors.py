"""Who acts on an incident: a user, the system itself, or a resident without an account."""

from dataclasses import dataclass
from typing import Final

from accounts.models import User


@dataclass(frozen=True, slots=True)
class Resident:
    """Whoever reported without logging in. Nothing is known of them here: the app that lets them in keeps the secret
    by which they come back, and has checked it before it calls a service with this actor."""

    pk: None = None


RESIDENT: Final = Resident()
Actor = User | Resident | None
"""None is the system itself."""


def account_of(actor: Actor) -> User | None:
    """The account to be kept in a row; a resident and the system have none."""
    return actor if isinstance(actor, User) else None
