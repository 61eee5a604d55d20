"""The clocks of one incident over the API, and more time for it: to read, to ask for, to decide on."""

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle
from rest_framework.viewsets import ViewSet

from accounts.api import ErrorSerializer
from accounts.known import known_user
from dispatch.extensions import ask_extension, decide_extension
from dispatch.models import Deadline, DeadlineShift, ExtensionRequest
from dispatch.overview.incident_clocks import clocks_of
from incidents.selectors import get_visible_or_404

_REFUSALS = {
    400: OpenApiResponse(ErrorSerializer, "Something is missing or wrong; `field` says where."),
    403: OpenApiResponse(ErrorSerializer, "It is for others to do."),
    404: OpenApiResponse(ErrorSerializer, "There is no such incident, or none that the user may see."),
    409: OpenApiResponse(ErrorSerializer, "The incident stands elsewhere by now."),
}


class DeadlineShiftSerializer(serializers.ModelSerializer):
    """What moved a clock. `since`: when it began to stand still."""

    approved_by: serializers.Field = serializers.StringRelatedField()

    class Meta:
        model = DeadlineShift
        fields = ("kind", "at", "since", "due_was", "due_is", "reason", "approved_by")
        read_only_fields = fields


class DeadlineSerializer(serializers.ModelSerializer):
    """One clock. `rule` is the limit as it stood when the clock started."""

    shifts = DeadlineShiftSerializer(many=True)
    rule = serializers.DictField()

    class Meta:
        model = Deadline
        fields = (
            *("clock", "starts_at", "due_at", "met_at", "missed_at", "cancelled_at", "suspended_at"),
            *("rule", "shifts"),
        )
        read_only_fields = fields


class ExtensionSerializer(serializers.ModelSerializer):
    """A request for more time. `is_approved` empty: it waits for a decision."""

    asked_by: serializers.Field = serializers.StringRelatedField()
    decided_by: serializers.Field = serializers.StringRelatedField()

    class Meta:
        model = ExtensionRequest
        fields = (
            *("asked_by", "asked_at", "until", "reason"),
            *("decided_by", "decided_at", "is_approved", "decision_note"),
        )
        read_only_fields = fields


class AskExtensionSerializer(serializers.Serializer):
    until = serializers.DateTimeField()
    reason = serializers.CharField()


class DecideExtensionSerializer(serializers.Serializer):
    approve = serializers.BooleanField()
    note = serializers.CharField(required=False, default="", allow_blank=True)


class DeadlineViewSet(ViewSet):
    """The clocks of an incident, the earliest set first, each with what moved it."""

    @extend_schema(
        operation_id="incidents_deadlines", responses={200: DeadlineSerializer(many=True), 404: _REFUSALS[404]}
    )
    def list(self, request: Request, number: str) -> Response:
        incident = get_visible_or_404(known_user(request), number)
        return Response(DeadlineSerializer(clocks_of(incident), many=True).data)


class ExtensionViewSet(ViewSet):
    """Requests for more time for handling an incident."""

    def get_throttles(self) -> list[BaseThrottle]:
        self.throttle_scope = None if self.action == "list" else "move"
        return [*super().get_throttles(), ScopedRateThrottle()]

    @extend_schema(
        operation_id="incidents_extensions", responses={200: ExtensionSerializer(many=True), 404: _REFUSALS[404]}
    )
    def list(self, request: Request, number: str) -> Response:
        incident = get_visible_or_404(known_user(request), number)
        rows = incident.extensions.select_related("asked_by", "decided_by")
        return Response(ExtensionSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="incidents_extensions_ask",
        request=AskExtensionSerializer,
        responses={201: ExtensionSerializer, **_REFUSALS},
    )
    def create(self, request: Request, number: str) -> Response:
        """Ask for more time: the lead party, before the time is over. The same request again is one."""
        incident = get_visible_or_404(known_user(request), number)
        asked = AskExtensionSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        made = ask_extension(incident, actor=known_user(request), **asked.validated_data)
        return Response(ExtensionSerializer(made).data, status=status.HTTP_201_CREATED)

    @extend_schema(
        operation_id="incidents_extensions_decide",
        request=DecideExtensionSerializer,
        responses={200: ExtensionSerializer, **_REFUSALS},
    )
    @action(detail=False, methods=["post"])
    def decision(self, request: Request, number: str) -> Response:
        """Decide on the request that waits: an approver who did not ask for it."""
        incident = get_visible_or_404(known_user(request), number)
        said = DecideExtensionSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        decided = decide_extension(incident, actor=known_user(request), **said.validated_data)
        return Response(ExtensionSerializer(decided).data)
