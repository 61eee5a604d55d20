"""Frozen close-outs over the API: to read, and to say why something was still open."""

from datetime import date
from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.api import ErrorSerializer
from accounts.known import known_user
from accounts.models import User
from dispatch.close_out_reasons import explainable, give_reason
from dispatch.models import DayClose, DayCloseLine, DayCloseReason
from dispatch.overview.close_out import closings_of, lines_of
from dispatch.selectors import streets_closed_by
from grids.models import Ability
from grids.posts import abilities_of

_MISSING = OpenApiResponse(ErrorSerializer, "There is no such close-out, or none that the user may see.")
_OTHERS = OpenApiResponse(ErrorSerializer, "It is for others to do.")


class Latest(CursorPagination):
    """The latest day first, the streets of a day in the order of their codes."""

    ordering = ("-day", "street__code")
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200


class DayCloseSerializer(serializers.ModelSerializer):
    """How a street stood at the close-out of a day. `due_at` is its line, `frozen_at` when it was taken."""

    street: serializers.Field = serializers.SlugRelatedField(slug_field="code", read_only=True)
    street_name = serializers.CharField(source="street.name", read_only=True)

    class Meta:
        model = DayClose
        fields: tuple[str, ...] = (
            *("street", "street_name", "day", "due_at", "frozen_at"),
            *("reported", "closed", "due", "due_closed", "open", "late"),
        )
        read_only_fields = fields


class DayCloseReasonSerializer(serializers.ModelSerializer):
    """Why it was still open, in the words of whoever held it; `post` is theirs, as it was called then."""

    post = serializers.CharField(source="post_label", read_only=True)
    text = serializers.CharField()

    class Meta:
        model = DayCloseReason
        fields = ("at", "post", "text")
        read_only_fields = ("at",)


class DayCloseLineSerializer(serializers.ModelSerializer):
    """One incident that was open, in the words of that moment; `status_now` is where it stands today."""

    is_late = serializers.BooleanField(read_only=True)
    status_now = serializers.CharField(read_only=True)
    reasons = DayCloseReasonSerializer(many=True, read_only=True)

    class Meta:
        model = DayCloseLine
        fields = (
            *("number", "category_name", "category_name_en", "community_name", "level", "status", "holder"),
            *("holder_en", "due_at", "minutes_late", "is_late", "status_now", "reasons"),
        )
        read_only_fields = fields


class DayCloseDetailSerializer(DayCloseSerializer):
    """With what stood open, the latest first."""

    lines = serializers.SerializerMethodField()

    class Meta(DayCloseSerializer.Meta):
        fields = (*DayCloseSerializer.Meta.fields, "lines")
        read_only_fields = fields

    @extend_schema_field(DayCloseLineSerializer(many=True))
    def get_lines(self, closing: DayClose) -> list[dict[str, Any]]:
        return list(DayCloseLineSerializer(lines_of(closing), many=True).data)


class GiveReasonSerializer(serializers.Serializer):
    """The reason for one line. The same again is one."""

    number = serializers.CharField(help_text="Number of the incident.")
    text = serializers.CharField()


class DayCloseFilter(django_filters.FilterSet):
    street = django_filters.CharFilter(field_name="street__code")
    since = django_filters.DateFilter(field_name="day", lookup_expr="gte")
    until = django_filters.DateFilter(field_name="day", lookup_expr="lte")

    class Meta:
        model = DayClose
        fields = ("street", "since", "until")


class CloseOutViewSet(ListModelMixin, GenericViewSet):
    """The close-outs of the streets whose day the user closes."""

    queryset = DayClose.objects.none()
    serializer_class = DayCloseSerializer
    filterset_class = DayCloseFilter
    pagination_class = Latest

    def get_queryset(self) -> QuerySet[DayClose]:
        return closings_of(list(streets_closed_by(_closer(self.request))))

    @extend_schema(responses={200: DayCloseDetailSerializer, 403: _OTHERS, 404: _MISSING})
    @action(detail=False, url_path=r"(?P<street>\d{6,24})/(?P<day>\d{4}-\d{2}-\d{2})")
    def one_day(self, request: Request, street: str, day: str) -> Response:
        """One street's close-out of one day, with its lines and the reasons given."""
        closing = get_object_or_404(self.get_queryset(), street__code=street, day=_day(day))
        return Response(DayCloseDetailSerializer(closing).data)

    @extend_schema(
        request=GiveReasonSerializer,
        responses={
            201: DayCloseReasonSerializer,
            400: OpenApiResponse(ErrorSerializer, "The text is missing, too long, or has somebody's number in it."),
            403: _OTHERS,
            404: _MISSING,
        },
    )
    @action(detail=False, methods=["post"], url_path=r"(?P<street>\d{6,24})/(?P<day>\d{4}-\d{2}-\d{2})/reasons")
    def reasons(self, request: Request, street: str, day: str) -> Response:
        """Say why an incident was still open: for whoever held it at the line, and for who closes the street's day."""
        said = GiveReasonSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        user = known_user(request)
        number = said.validated_data["number"]
        place = {"day_close__street__code": street, "day_close__day": _day(day), "number": number}
        line = get_object_or_404(explainable(user), **place)
        given = give_reason(line, actor=user, text=said.validated_data["text"])
        return Response(DayCloseReasonSerializer(given).data, status=status.HTTP_201_CREATED)


def _closer(request: Request) -> User:
    user = known_user(request)
    if Ability.CLOSE_OUT not in abilities_of(user):
        raise PermissionDenied
    return user


def _day(text: str) -> date:
    """A day as it stands in the address; one that the calendar doesn't have is a 404."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error
