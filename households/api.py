"""Households and people over the API: read only, masked as on the pages, as far as the user's posts reach."""

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import Prefetch, Q, QuerySet
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

import clock
from accounts.known import known_user
from accounts.masking import mask_number, mask_phone
from grids.models import Unit
from households import selectors
from households.models import Household, Resident
from households.paging import ROWS, Stretch, stretch
from households.registers.areas import within
from households.searching import LONGEST, households_found, people_found, understood


class TreeOrder(BasePagination):
    """Pages in the order of the tree that cost the same wherever they lie: no counting, no skipping."""

    order: Sequence[str] = ()

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        self._here = request.build_absolute_uri()
        self._page: Stretch = stretch(queryset, self.order, request.query_params.get("page", ""))
        return self._page.rows

    def get_paginated_response(self, data: Any) -> Response:
        page = self._page
        return Response({"next": self._link(page.next), "previous": self._link(page.previous), "results": data})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "nullable": True, "format": "uri"}
        properties = {"next": link, "previous": link, "results": schema}
        return {"type": "object", "required": ["results"], "properties": properties}

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        says = f"Where the page lies, as `next` and `previous` have it. {ROWS} rows a page."
        return [{"name": "page", "required": False, "in": "query", "description": says, "schema": {"type": "string"}}]

    def _link(self, cursor: str) -> str | None:
        return replace_query_param(self._here, "page", cursor) if cursor else None


class HouseholdOrder(TreeOrder):
    order = ("unit__tree_id", "unit__lft")


class ResidentOrder(TreeOrder):
    order = ("household__unit__tree_id", "household__unit__lft", "pk")


class ResidentSerializer(serializers.ModelSerializer):
    """One person. Numbers are masked, and the name is for who only looks; tags are those that the user may know of."""

    name = serializers.SerializerMethodField()
    household = serializers.CharField(source="household.unit.code", read_only=True)
    address = serializers.CharField(source="household.address", read_only=True)
    document_number = serializers.SerializerMethodField()
    phone = serializers.SerializerMethodField()
    tags = serializers.SerializerMethodField()

    class Meta:
        model = Resident
        fields = (
            *("id", "name", "household", "address", "relation", "sex", "born_on", "residence"),
            *("document", "document_number", "number_check", "phone", "tags", "moved_in_on", "moved_out_on"),
        )
        read_only_fields = fields

    def get_name(self, resident: Resident) -> str:
        return self._rights().name(resident.name, resident.household.unit)

    def get_document_number(self, resident: Resident) -> str:
        return mask_number(resident.document_number)

    def get_phone(self, resident: Resident) -> str:
        return mask_phone(resident.phone) if resident.phone else ""

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_tags(self, resident: Resident) -> list[str]:
        tags = self._rights().tags(resident.current_tags, resident.household.unit)  # type: ignore[attr-defined]
        return [tag.kind.code for tag in tags]

    def _rights(self) -> selectors.Rights:
        return selectors.Rights(known_user(self.context["request"]))


class HouseholdSerializer(serializers.ModelSerializer):
    """One household by the code of its door. `place` is where it lies, from the community down."""

    code = serializers.CharField(source="unit.code", read_only=True)
    place = serializers.CharField(source="unit.full_name", read_only=True)
    micro_grid = serializers.CharField(source="unit.micro_grid.code", read_only=True)
    is_live = serializers.BooleanField(source="unit.is_live", read_only=True)

    class Meta:
        model = Household
        fields: tuple[str, ...] = (
            *("code", "address", "place", "micro_grid"),
            *("number", "dwelling", "note", "is_live", "changed_at"),
        )
        read_only_fields = fields


class HouseholdDetailSerializer(HouseholdSerializer):
    """One household with who lives there."""

    residents = ResidentSerializer(source="living", many=True, read_only=True)

    class Meta(HouseholdSerializer.Meta):
        fields = (*HouseholdSerializer.Meta.fields, "residents")
        read_only_fields = fields


class SearchSerializer(serializers.Serializer):
    """What is looked for: a name from its beginning, initials, part of an address, or a whole number."""

    q = serializers.CharField(max_length=LONGEST)


class _UnitFilter(django_filters.FilterSet):
    unit = django_filters.CharFilter(method="in_unit", label=_("Code of a unit: everything in it and below it"))
    path = "unit__"

    def in_unit(self, rows: QuerySet, name: str, value: str) -> QuerySet:
        unit = Unit.objects.filter(code=value).first()
        return rows.filter(within(unit, self.path)) if unit else rows.none()


class HouseholdFilter(_UnitFilter):
    is_live = django_filters.BooleanFilter(
        field_name="unit__retired_at", lookup_expr="isnull", label=_("In use, that is not closed")
    )

    class Meta:
        model = Household
        fields = ("unit", "dwelling", "is_live")


class ResidentFilter(_UnitFilter):
    path = "household__unit__"
    lives_here = django_filters.BooleanFilter(method="here", label=_("Lives here, that is hasn't moved out"))

    class Meta:
        model = Resident
        fields = ("unit", "residence", "lives_here")

    def here(self, residents: QuerySet[Resident], name: str, value: bool) -> QuerySet[Resident]:
        living = selectors.here(clock.today())
        return residents.filter(living if value else ~Q(living))


@method_decorator(never_cache, name="dispatch")
class HouseholdViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet):
    """The households of the user's areas, in the order of the tree."""

    queryset = Household.objects.none()
    serializer_class = HouseholdSerializer
    filterset_class = HouseholdFilter
    pagination_class = HouseholdOrder
    lookup_field = "unit__code"
    lookup_url_kwarg = "code"
    lookup_value_regex = r"\d{6,24}"

    def get_queryset(self) -> QuerySet[Household]:
        doors = selectors.households_visible_to(known_user(self.request))
        return doors.select_related("unit", *(f"unit__{column}" for column in selectors.LINE))

    @extend_schema(responses=HouseholdDetailSerializer)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        household = self.get_object()
        household.living = selectors.with_people([household], clock.today()).get(household.pk, [])
        for resident in household.living:
            resident.household = household
        return Response(HouseholdDetailSerializer(household, context=self.get_serializer_context()).data)

    @extend_schema(request=SearchSerializer, responses=HouseholdSerializer(many=True), filters=False)
    @action(detail=False, methods=["post"], pagination_class=None)
    def search(self, request: Request) -> Response:
        """The first households that fit. By POST: what is looked for is personal and belongs in no address."""
        found = households_found(understood(_asked(request)), self.get_queryset())
        rows = stretch(found, HouseholdOrder.order).rows
        return Response(self.get_serializer(rows, many=True).data)


@method_decorator(never_cache, name="dispatch")
class ResidentViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet):
    """The people of the user's areas, in the order of the tree."""

    queryset = Resident.objects.none()
    serializer_class = ResidentSerializer
    filterset_class = ResidentFilter
    pagination_class = ResidentOrder

    def get_queryset(self) -> QuerySet[Resident]:
        people = selectors.residents_visible_to(known_user(self.request))
        tags: Prefetch = selectors.living_tags(clock.today())
        return people.select_related("household__unit").prefetch_related(tags)

    @extend_schema(request=SearchSerializer, responses=ResidentSerializer(many=True), filters=False)
    @action(detail=False, methods=["post"], pagination_class=None)
    def search(self, request: Request) -> Response:
        """The first people who fit. By POST: what is looked for is personal and belongs in no address."""
        found = people_found(understood(_asked(request)), self.get_queryset())
        rows = stretch(found, ResidentOrder.order).rows
        return Response(self.get_serializer(rows, many=True).data)


def _asked(request: Request) -> str:
    asked = SearchSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    return str(asked.validated_data["q"])
