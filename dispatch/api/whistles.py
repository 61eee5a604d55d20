"""Whistles over the API: the same services and the same visibility as the pages."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.known import known_user
from dispatch import whistle_acts, whistling
from dispatch.api.calls import REFUSALS, UNKNOWN, IncidentField, StepSerializer, UnitField
from dispatch.models import Whistle, WhistleParty, WhistleStep
from dispatch.overview import whistles as overview
from grids.models import Department

Act = WhistleStep.Act


class PartySerializer(serializers.ModelSerializer):
    """A department and how far it is; `due_at` is when its next step is due."""

    department: serializers.Field = serializers.SlugRelatedField(slug_field="code", read_only=True)
    due_at = serializers.SerializerMethodField()

    class Meta:
        model = WhistleParty
        fields = (
            *("department", "signed_at", "contacted_at", "arrived_at", "done_at", "released_at", "rating", "due_at"),
        )
        read_only_fields = fields

    @staticmethod
    def get_due_at(party: WhistleParty) -> str | None:
        due_at = overview.next_due(party)
        return due_at.isoformat() if due_at else None


class WhistleSerializer(serializers.ModelSerializer):
    street: serializers.Field = serializers.SlugRelatedField(slug_field="code", read_only=True)
    unit: serializers.Field = serializers.SlugRelatedField(slug_field="code", read_only=True)
    incident: serializers.Field = serializers.SlugRelatedField(slug_field="number", read_only=True)
    parties = PartySerializer(many=True, read_only=True)

    class Meta:
        model = Whistle
        fields: tuple[str, ...] = (
            *("number", "street", "unit", "incident", "grade", "matter", "state", "called_at", "closed_at", "parties"),
        )
        read_only_fields = fields


class WhistleDetailSerializer(WhistleSerializer):
    """A whistle with its history."""

    history = StepSerializer(source="steps", many=True)

    class Meta(WhistleSerializer.Meta):
        fields = (*WhistleSerializer.Meta.fields, "history")
        read_only_fields = fields


class CallSerializer(serializers.Serializer):
    """A new whistle. Sent again while it is open, it answers with the same one."""

    unit = UnitField()
    grade = serializers.ChoiceField(choices=Whistle.Grade.choices)
    matter = serializers.CharField()
    departments: serializers.Field = serializers.SlugRelatedField(
        slug_field="code", queryset=Department.objects.all(), error_messages=UNKNOWN, many=True
    )
    incident = IncidentField(required=False, default=None)


class WhistleActSerializer(serializers.Serializer):
    """An act with its words: of a department, named by its code, or (`close`, `withdraw`) of the whole."""

    act = serializers.ChoiceField(choices=[*whistle_acts.OF_PARTY, *whistle_acts.OF_WHISTLE])
    department = serializers.CharField(required=False, default="")
    note = serializers.CharField(required=False, default="", allow_blank=True)
    rating = serializers.IntegerField(required=False, min_value=1, max_value=5)

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        if (said["act"] == Act.RATE) != ("rating" in said):
            raise serializers.ValidationError({"rating": [self.fields["act"].error_messages["required"]]})
        return said


class LatestWhistles(CursorPagination):
    """The newest first."""

    ordering = ("-called_at", "-pk")
    page_size = 50


class WhistleViewSet(ListModelMixin, GenericViewSet):
    """Whistles of the user's areas, and those that call the user's departments."""

    queryset = Whistle.objects.none()
    serializer_class = WhistleSerializer
    pagination_class = LatestWhistles
    lookup_field = "number"
    lookup_value_regex = r"哨[\d-]+"

    def get_queryset(self) -> QuerySet[Whistle]:
        return overview.with_parties(overview.visible_to(known_user(self.request)))

    @extend_schema(responses={200: WhistleDetailSerializer, 404: REFUSALS[404]})
    def retrieve(self, request: Request, number: str) -> Response:
        """One whistle with its departments and its history."""
        return self._shown(number)

    @extend_schema(
        request=CallSerializer,
        responses={201: WhistleDetailSerializer, **{code: REFUSALS[code] for code in (400, 403)}},
    )
    def create(self, request: Request) -> Response:
        """Whistle for departments."""
        asked = CallSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        whistle = whistling.call_whistle(actor=known_user(request), **asked.validated_data)
        return self._shown(whistle.number, status.HTTP_201_CREATED)

    @extend_schema(request=WhistleActSerializer, responses={200: WhistleDetailSerializer, **REFUSALS})
    @action(detail=True, methods=["post"])
    def acts(self, request: Request, number: str) -> Response:
        """Do one act on the whistle, or on one of its departments."""
        whistle = overview.get_visible_or_404(known_user(request), number)
        asked = WhistleActSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        said = dict(asked.validated_data)
        act, code, actor = said.pop("act"), said.pop("department"), known_user(request)
        if act in whistle_acts.OF_WHISTLE:
            whistle_acts.OF_WHISTLE[act](whistle, actor=actor, **said)
        else:
            whistle_acts.OF_PARTY[act](_party(whistle, code), actor=actor, **said)
        return self._shown(number)

    def _shown(self, number: str, status_code: int = status.HTTP_200_OK) -> Response:
        whistle = overview.get_visible_or_404(known_user(self.request), number)
        return Response(WhistleDetailSerializer(whistle).data, status=status_code)


def _party(whistle: Whistle, code: str) -> WhistleParty:
    party = next((row for row in whistle.parties.all() if row.department.code == code), None)
    if party is None:
        raise serializers.ValidationError({"department": [_("This department was not whistled for.")]})
    return party
