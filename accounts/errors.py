"""Refusals that a person can read and act on."""


class Refused(Exception):
    """An act that the rules refuse. `message` is for the user, in the user's language; `code` is for programs.

    `field` names the form field that the message belongs beside, if any.
    """

    def __init__(self, message: str, *, code: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.field = field


class Forbidden(Refused):
    """The act is possible, but not for this user: answered with 403."""
