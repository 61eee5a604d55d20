"""Loads of registers over the API."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, inline_serializer
from rest_framework import status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.pagination import CursorPagination
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import CharField
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle
from rest_framework.viewsets import GenericViewSet

from accounts.api import ErrorSerializer
from accounts.known import known_user
from accounts.requests import network_address
from households.loading import runs
from households.loading.workbooks.error_workbook import name_of_errors
from households.loads_api.asked import CorrectSerializer, DecideSerializer, PlacesSerializer, UploadSerializer
from households.loads_api.shown import LoadDetailSerializer, LoadSerializer
from households.models import RegisterLoad

_REFUSALS = {
    400: OpenApiResponse(ErrorSerializer, "Something is missing or wrong; `field` says where."),
    403: OpenApiResponse(ErrorSerializer, "It is for others to do."),
    404: OpenApiResponse(ErrorSerializer, "There is no such load, or none that the user may see."),
    409: OpenApiResponse(ErrorSerializer, "The load stands elsewhere by now."),
}
_BEING_WRITTEN = OpenApiResponse(
    inline_serializer("BeingWritten", {"detail": CharField()}), "It is being written; `detail` says so in words."
)
_DONE = {200: LoadDetailSerializer, **_REFUSALS}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Latest(CursorPagination):
    """The newest first."""

    ordering = ("-made_at", "-pk")
    page_size = 50


class RegisterLoadViewSet(ListModelMixin, GenericViewSet):
    """Loads for places where the user may load, and those that the user made.

    Reading and applying go on in the background: ask for the load again until its `state` is another.
    """

    queryset = RegisterLoad.objects.none()
    serializer_class = LoadSerializer
    pagination_class = Latest
    filter_backends = ()
    lookup_field = "key"
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[RegisterLoad]:
        return runs.visible_to(known_user(self.request)).select_related("scope", "made_by", "confirmed_by")

    def get_throttles(self) -> list[BaseThrottle]:
        """A file costs the machine more than a question does."""
        self.throttle_scope = "load" if self.action == "create" else None
        return [*super().get_throttles(), ScopedRateThrottle()]

    def get_parsers(self) -> list[Any]:
        """A file comes in parts, everything else as JSON. Asked before DRF knows the action."""
        method = (self.request.method or "").lower() if self.request else ""
        return [MultiPartParser()] if self.action_map.get(method) == "create" else [JSONParser()]

    @extend_schema(
        request={"multipart/form-data": UploadSerializer},
        responses={201: LoadDetailSerializer, 400: _REFUSALS[400], 403: _REFUSALS[403]},
    )
    def create(self, request: Request) -> Response:
        """Send a file. It is kept sealed and read in the background; nothing is written before `confirm`."""
        upload = UploadSerializer(data=request.data, context=self.get_serializer_context())
        upload.is_valid(raise_exception=True)
        load = runs.receive(actor=known_user(request), **upload.validated_data)
        return self._shown(load.key, status.HTTP_201_CREATED)

    @extend_schema(responses={200: LoadDetailSerializer, 404: _REFUSALS[404]})
    def retrieve(self, request: Request, key: UUID) -> Response:
        """One load: how it was read, what it would change, how far the work is."""
        return self._shown(key)

    @extend_schema(request=CorrectSerializer, responses=_DONE)
    @action(detail=True, methods=["post"])
    def correct(self, request: Request, key: UUID) -> Response:
        """Say what columns mean. The file is read again; it is remembered for files of the same layout."""
        return self._act(key, runs.correct, CorrectSerializer)

    @extend_schema(request=PlacesSerializer, responses=_DONE)
    @action(detail=True, methods=["post"])
    def places(self, request: Request, key: UUID) -> Response:
        """Say which micro-grids places are, or that they are to be added. The rows are compared again."""
        return self._act(key, runs.say_places, PlacesSerializer)

    @extend_schema(request=DecideSerializer, responses=_DONE)
    @action(detail=True, methods=["post"])
    def decide(self, request: Request, key: UUID) -> Response:
        """Say what becomes of people who aren't in the file, and of doubtful rows."""
        return self._act(key, runs.decide, DecideSerializer)

    @extend_schema(request=None, responses=_DONE)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, key: UUID) -> Response:
        """Apply it: at once, or when the loads before it in the same street are through."""
        return self._act(key, runs.confirm)

    @extend_schema(request=None, responses=_DONE)
    @action(detail=True, methods=["post"])
    def undo(self, request: Request, key: UUID) -> Response:
        """Take an applied load back."""
        return self._act(key, runs.undo)

    @extend_schema(request=None, responses=_DONE)
    @action(detail=True, methods=["post"])
    def discard(self, request: Request, key: UUID) -> Response:
        """Throw a load away that isn't applied."""
        return self._act(key, runs.discard)

    @extend_schema(request=None, responses=_DONE)
    @action(detail=True, methods=["post"])
    def retry(self, request: Request, key: UUID) -> Response:
        """Read a load again that wasn't taken."""
        return self._act(key, runs.retry)

    @extend_schema(
        responses={(200, XLSX): OpenApiTypes.BINARY, 202: _BEING_WRITTEN, 400: _REFUSALS[400], 404: _REFUSALS[404]}
    )
    @action(detail=True, methods=["get"], url_path="error-workbook")
    def error_workbook(self, request: Request, key: UUID) -> FileResponse | Response:
        """The refused and doubtful rows in the sender's own layout, to be mended and sent again.

        202 while a workbook of very many rows is being written: ask again.
        """
        user = known_user(request)
        load = runs.get_visible_or_404(user, key)
        out = runs.error_workbook(load, actor=user, language=get_language() or "", address=network_address(request))
        if out is None:
            said = _("The error workbook is being written: it has very many rows. Ask again in a minute.")
            return Response({"detail": said}, status=status.HTTP_202_ACCEPTED)
        return FileResponse(out, as_attachment=True, filename=name_of_errors(load.file_name), content_type=XLSX)

    def _act(self, key: UUID, act: Callable[..., RegisterLoad], asked: type[Any] | None = None) -> Response:
        user = known_user(self.request)
        load = runs.get_visible_or_404(user, key)
        arguments: dict[str, Any] = {}
        if asked is not None:
            said = asked(data=self.request.data, context=self.get_serializer_context())
            said.is_valid(raise_exception=True)
            arguments = said.arguments()
        act(load, actor=user, **arguments)
        return self._shown(key)

    def _shown(self, key: UUID, status_code: int = status.HTTP_200_OK) -> Response:
        load = runs.get_visible_or_404(known_user(self.request), key)
        return Response(LoadDetailSerializer(load, context=self.get_serializer_context()).data, status=status_code)
