"""The commands that were sent to the user, for the worker's phone: list, one, acknowledge."""

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.mixins import ListModelMixin
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api import ErrorSerializer
from accounts.known import known_user
from dispatch import commanding
from dispatch.models import CommandReceipt
from dispatch.overview.commands import owed_by, sent_to

_MISSING = OpenApiResponse(ErrorSerializer, "No such command was sent to the user.")
_WITHDRAWN = OpenApiResponse(ErrorSerializer, "The command was withdrawn.")


class OwnCommandSerializer(serializers.ModelSerializer):
    """A command as the user received it, with their own receipt. `sender` is the post in which it was sent."""

    number = serializers.CharField(source="command.number")
    title = serializers.CharField(source="command.title")
    text = serializers.CharField(source="command.text")
    sender = serializers.CharField(source="command.post_label")
    sent_at = serializers.DateTimeField(source="command.sent_at")
    needs_ack = serializers.BooleanField(source="command.needs_ack")
    due_at = serializers.DateTimeField(source="command.due_at", allow_null=True)
    withdrawn_at = serializers.DateTimeField(source="command.withdrawn_at", allow_null=True)

    class Meta:
        model = CommandReceipt
        fields: tuple[str, ...] = (
            *("number", "title", "text", "sender", "sent_at", "needs_ack", "due_at", "withdrawn_at"),
            *("read_at", "acknowledged_at"),
        )
        read_only_fields = fields


class Newest(CursorPagination):
    """The newest first."""

    ordering = ("-command__sent_at", "-pk")
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class CommandViewSet(ListModelMixin, GenericViewSet):
    """The commands that were sent to the user; `?owed=true` those that wait for their answer."""

    queryset = CommandReceipt.objects.none()
    serializer_class = OwnCommandSerializer
    pagination_class = Newest
    lookup_field = "number"
    lookup_value_regex = r"\w[\d-]+"

    def get_queryset(self) -> QuerySet[CommandReceipt]:
        user = known_user(self.request)
        owed = self.action == "list" and self.request.query_params.get("owed") == "true"
        return owed_by(user) if owed else sent_to(user)

    @extend_schema(parameters=[OpenApiParameter("owed", bool, description="Only those that wait for an answer.")])
    def list(self, request: Request) -> Response:
        """Titles and texts, the newest first. Seeing the list is not reading: that is noted when one is opened."""
        return super().list(request)

    @extend_schema(responses={200: OwnCommandSerializer, 404: _MISSING})
    def retrieve(self, request: Request, number: str) -> Response:
        """Open one command, which counts as read from then on."""
        own = self._own(number)
        commanding.read(own.command, actor=known_user(request))
        return self._shown(number)

    @extend_schema(request=None, responses={200: OwnCommandSerializer, 404: _MISSING, 409: _WITHDRAWN})
    @action(detail=True, methods=["post"])
    def acknowledge(self, request: Request, number: str) -> Response:
        """收到. A second time changes nothing."""
        commanding.acknowledge(self._own(number).command, actor=known_user(request))
        return self._shown(number)

    def _own(self, number: str) -> CommandReceipt:
        own = self.get_queryset().filter(command__number=number).first()
        if own is None:
            raise NotFound
        return own

    def _shown(self, number: str) -> Response:
        return Response(self.get_serializer(self._own(number)).data)
