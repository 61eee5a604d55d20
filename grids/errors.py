"""What the tree refuses."""

from accounts.errors import Refused


class TreeRefused(Refused):
    """A change of the tree that its rules refuse; `message` says why, beside `field` if it belongs to one."""
