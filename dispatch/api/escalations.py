"""The way up of one incident over the API: who was told when, and sending it up by hand (practice 77)."""

from typing import Final

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle, ScopedRateThrottle
from rest_framework.viewsets import ViewSet

import clock
from accounts.known import known_user
from dispatch.api.calls import REFUSALS
from dispatch.escalation import lanes
from dispatch.models import Escalation, EscalationStep
from incidents.models import Incident
from incidents.selectors import get_visible_or_404

LANES: Final = {lanes.Kind.UP: lanes.report_up, lanes.Kind.EXPRESS: lanes.report_express}
"""What is sent up by hand; a ladder begins by itself."""


class EscalationStepSerializer(serializers.ModelSerializer):
    """One role of a tier. `told` empty: the post is vacant, or its holder is away and nobody stands in."""

    role: serializers.Field = serializers.SlugRelatedField(slug_field="code", read_only=True)
    role_name = serializers.CharField(source="role")
    told: serializers.Field = serializers.StringRelatedField()

    class Meta:
        model = EscalationStep
        fields = ("at", "tier", "place", "role", "role_name", "told", "stands_in")
        read_only_fields = fields


class EscalationSerializer(serializers.ModelSerializer):
    """A ladder that began by itself, or a report by hand. `cancelled_at`: since when it counts no more."""

    began_by: serializers.Field = serializers.StringRelatedField()
    steps = EscalationStepSerializer(many=True)

    class Meta:
        model = Escalation
        fields = ("kind", "began_at", "began_by", "reason", "cancelled_at", "next_at", "steps")
        read_only_fields = fields


class SendUpSerializer(serializers.Serializer):
    """`up`: to the tier above the user's own. `express`: straight to the district, with a reason."""

    kind = serializers.ChoiceField(choices=[(kind.value, kind.label) for kind in LANES])
    reason = serializers.CharField(required=False, default="", allow_blank=True)


class EscalationViewSet(ViewSet):
    """The ways up of an incident, the oldest first, with everybody who was told."""

    def get_throttles(self) -> list[BaseThrottle]:
        self.throttle_scope = None if self.action == "list" else "move"
        return [*super().get_throttles(), ScopedRateThrottle()]

    @extend_schema(
        operation_id="incidents_escalations", responses={200: EscalationSerializer(many=True), 404: REFUSALS[404]}
    )
    def list(self, request: Request, number: str) -> Response:
        incident = get_visible_or_404(known_user(request), number)
        return Response(EscalationSerializer(_ways_of(incident), many=True).data)

    @extend_schema(
        operation_id="incidents_escalations_send",
        request=SendUpSerializer,
        responses={
            201: OpenApiResponse(EscalationSerializer, "Sent up; `steps` says who was told."),
            200: OpenApiResponse(EscalationSerializer, "It has come as high as that already; nobody is told twice."),
            **REFUSALS,
        },
    )
    def create(self, request: Request, number: str) -> Response:
        """Send it up: whoever reported it, holds it or works in its place. Neither holder nor clocks change."""
        user, at = known_user(request), clock.now()
        incident = get_visible_or_404(user, number)
        asked = SendUpSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        send = LANES[lanes.Kind(asked.validated_data["kind"])]
        sent = send(incident, actor=user, reason=asked.validated_data["reason"], at=at)
        shown = EscalationSerializer(_ways_of(incident).get(pk=sent.pk)).data
        return Response(shown, status=status.HTTP_201_CREATED if sent.began_at == at else status.HTTP_200_OK)


def _ways_of(incident: Incident) -> QuerySet[Escalation]:
    rows = Escalation.objects.filter(incident=incident).select_related("began_by").order_by("pk")
    return rows.prefetch_related("steps__told", "steps__role")
