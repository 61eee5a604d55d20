"""Supervision items over the API: the same services and the same visibility as the pages."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

import clock
from accounts.known import known_user
from dispatch import supervising
from dispatch.api.calls import REFUSALS, UNKNOWN, IncidentField, StepSerializer, UnitField, departments
from dispatch.models import Supervision, SupervisionType
from dispatch.overview import supervision as overview
from dispatch.supervision_rights import Act, may
from grids.models import Kind


class SupervisionSerializer(serializers.ModelSerializer):
    """An item as a list shows it; `target` is the code of a unit or a department."""

    street: serializers.Field = serializers.SlugRelatedField(slug_field="code", read_only=True)
    issue_type: serializers.Field = serializers.SlugRelatedField(slug_field="code", read_only=True)
    incident: serializers.Field = serializers.SlugRelatedField(slug_field="number", read_only=True)
    target = serializers.CharField(source="target.code", read_only=True)
    due_at = serializers.DateTimeField(read_only=True)
    rectified_at = serializers.DateTimeField(source="met_at", read_only=True)

    class Meta:
        model = Supervision
        fields: tuple[str, ...] = (
            *("number", "street", "source", "issue_type", "incident", "target", "demand", "state"),
            *("issued_at", "due_at", "rectified_at", "closed_at"),
        )
        read_only_fields = fields


class SupervisionDetailSerializer(SupervisionSerializer):
    """An item with its history, and the acts that this user may do now."""

    acts = serializers.SerializerMethodField()
    history = StepSerializer(source="steps", many=True)

    class Meta(SupervisionSerializer.Meta):
        fields = (*SupervisionSerializer.Meta.fields, "acts", "history")
        read_only_fields = fields

    def get_acts(self, item: Supervision) -> list[str]:
        return [
            act for act in supervising.ACTS if may(self.context["request"].user, item, Act(act), at=self.context["at"])
        ]


class IssueSerializer(serializers.Serializer):
    """A new item: about an overdue `incident` (everything else may be left out), or for a unit or department.

    `street` is needed for a department alone.
    """

    incident = IncidentField(required=False, default=None)
    street = UnitField(required=False, default=None)
    unit = UnitField(required=False, default=None)
    department = departments()
    issue_type = serializers.SlugRelatedField(
        slug_field="code", queryset=SupervisionType.objects.all(), error_messages=UNKNOWN, required=False, default=None
    )
    demand = serializers.CharField(required=False, default="", allow_blank=True)
    due_at = serializers.DateTimeField(required=False, allow_null=True, default=None)

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        if said["incident"] is None:
            said["target"] = said["unit"] or said["department"]
            said["street"] = said["street"] or (said["unit"].street if said["unit"] else None)
            missing = [name for name in ("target", "street", "issue_type") if said[name] is None]
            if said["street"] is not None and said["street"].kind != Kind.STREET:
                missing.append("street")
            if missing:
                raise serializers.ValidationError({missing[0]: [self.fields["demand"].error_messages["required"]]})
        return said


class SupervisionActSerializer(serializers.Serializer):
    """An act with its words; `until` goes with `extend`."""

    act = serializers.ChoiceField(choices=[act.value for act in Act if act != Act.ISSUE])
    note = serializers.CharField(required=False, default="", allow_blank=True)
    until = serializers.DateTimeField(required=False)

    def validate(self, said: dict[str, Any]) -> dict[str, Any]:
        if (said["act"] == Act.EXTEND) != ("until" in said):
            raise serializers.ValidationError({"until": [self.fields["act"].error_messages["required"]]})
        return said


class LatestItems(CursorPagination):
    """The newest first."""

    ordering = ("-issued_at", "-pk")
    page_size = 50


class SupervisionViewSet(ListModelMixin, GenericViewSet):
    """Supervision items of the user's areas, and those issued to the user's departments and units."""

    queryset = Supervision.objects.none()
    serializer_class = SupervisionSerializer
    pagination_class = LatestItems
    lookup_field = "number"
    lookup_value_regex = r"督[\d-]+"

    def get_queryset(self) -> QuerySet[Any]:
        return overview.with_clock(overview.visible_to(known_user(self.request)))

    @extend_schema(responses={200: SupervisionDetailSerializer, 404: REFUSALS[404]})
    def retrieve(self, request: Request, number: str) -> Response:
        """One item with its history, and the acts that the user may do now."""
        return self._shown(number)

    @extend_schema(
        request=IssueSerializer,
        responses={201: SupervisionDetailSerializer, **{code: REFUSALS[code] for code in (400, 403, 409)}},
    )
    def create(self, request: Request) -> Response:
        """Issue an item. Sent again while it waits, it answers with the same one."""
        asked = IssueSerializer(data=request.data, context=self.get_serializer_context())
        asked.is_valid(raise_exception=True)
        said = dict(asked.validated_data)
        incident, street = said.pop("incident"), said.pop("street")
        words = {name: said[name] for name in ("issue_type", "demand", "due_at")}
        if incident is not None:
            item = supervising.supervise_incident(incident, actor=known_user(request), **words)
        else:
            item = supervising.issue_supervision(street, actor=known_user(request), target=said["target"], **words)
        return self._shown(item.number, status.HTTP_201_CREATED)

    @extend_schema(request=SupervisionActSerializer, responses={200: SupervisionDetailSerializer, **REFUSALS})
    @action(detail=True, methods=["post"])
    def acts(self, request: Request, number: str) -> Response:
        """Do one act. Which acts the user may do now stands in its `acts`."""
        item = overview.get_visible_or_404(known_user(request), number)
        asked = SupervisionActSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        said = dict(asked.validated_data)
        supervising.ACTS[said.pop("act")](item, actor=known_user(request), **said)
        return self._shown(number)

    def _shown(self, number: str, status_code: int = status.HTTP_200_OK) -> Response:
        item = overview.get_visible_or_404(known_user(self.request), number)
        return Response(
            SupervisionDetailSerializer(item, context=self.get_serializer_context()).data, status=status_code
        )

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "at": clock.now()}
