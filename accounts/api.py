"""What every endpoint of the API has in common: who is let in, and how it says no."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import CharField, Serializer

from accounts.errors import Forbidden, Refused

TOO_LATE = "status"
"""The code of a refusal that comes from where the thing stands by now: a conflict, not a mistake of the sender."""


class Session(SessionAuthentication):
    """The session of the pages. Whoever has none is answered with 401, not with 403."""

    def authenticate_header(self, request: Request) -> str:
        return "Session"


class ErrorSerializer(Serializer):
    """Why a request was refused: `code` for programs, `message` for people, `field` when it is about one of them."""

    code = CharField()
    message = CharField()
    field = CharField(allow_null=True)


def explain(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Answer every error in one shape: `{"code", "message", "field"}`; several at once add the others as `errors`.

    None for a fault of our own, which Django then reports like any other.
    """
    if isinstance(error, Refused):
        return _answer([_entry(error.code, error.message, error.field)], _status_of(error))
    if isinstance(error, Http404):
        return _answer([_entry("not_found", str(error) or _("There is nothing here."), None)], 404)
    if isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied()
    if not isinstance(error, exceptions.APIException):
        return None
    response = _answer(list(_entries(error.get_full_details())), error.status_code)
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(int(wait))
    if challenge := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = challenge
    return response


def _status_of(error: Refused) -> int:
    if isinstance(error, Forbidden):
        return status.HTTP_403_FORBIDDEN
    return status.HTTP_409_CONFLICT if error.code == TOO_LATE else status.HTTP_400_BAD_REQUEST


def _answer(entries: list[dict[str, str | None]], status_code: int) -> Response:
    body: dict[str, Any] = dict(entries[0])
    if len(entries) > 1:
        body["errors"] = entries
    return Response(body, status=status_code)


def _entries(details: Any, field: str | None = None) -> Iterator[dict[str, str | None]]:
    """The flat list of what the framework keeps as a tree of fields; `lead.0` names an item of a list."""
    if isinstance(details, Mapping) and set(details) == {"message", "code"}:
        yield _entry(str(details["code"]), str(details["message"]), field)
    elif isinstance(details, Mapping):
        for name, below in details.items():
            path = None if name == "non_field_errors" else name if field is None else f"{field}.{name}"
            yield from _entries(below, path)
    else:
        for below in details:
            yield from _entries(below, field)


def _entry(code: str, message: str, field: str | None) -> dict[str, str | None]:
    return {"code": code, "message": message, "field": field}
