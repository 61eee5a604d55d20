"""Why a file isn't taken at all."""

from accounts.errors import Refused


class FileRefused(Refused):
    """The file can't be read as a register. The message says in one sentence why and what to do."""
