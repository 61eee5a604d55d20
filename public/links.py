"""Secret links: 128 random bits in an address, found again by their digest."""

import hashlib
import secrets


def new_link() -> str:
    """A secret of 128 bits that fits into an address."""
    return secrets.token_urlsafe(16)


def digest(link: str) -> str:
    """What is looked up: the table alone opens nothing."""
    return hashlib.sha256(link.encode()).hexdigest()
