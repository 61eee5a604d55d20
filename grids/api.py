"""Units over the API: read only, and only those that the user may see."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

import clock
from accounts.known import known_user
from grids.models import Kind, Mode, Unit
from grids.rules import lies_in
from grids.selectors import visible_to, with_line
from grids.standing_orders import around


class ByCode(CursorPagination):
    """Pages that cost the same on 660,000 units as on 60: no counting, no skipping."""

    ordering = "code"
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 500


class UnitSerializer(serializers.ModelSerializer):
    """One place of the tree. `parent` is a code; `full_name` is the place in one line, from the community down."""

    parent: serializers.Field = serializers.SlugRelatedField(  # type: ignore[assignment]  # a name that DRF itself uses
        slug_field="code", read_only=True
    )
    full_name = serializers.CharField(read_only=True)

    class Meta:
        model = Unit
        fields = (
            "code",
            "name",
            "full_name",
            "kind",
            "form",
            "use",
            "responsible_org",
            "parent",
            "made_at",
            "retired_at",
        )
        read_only_fields = fields


class ZoneSerializer(serializers.Serializer):
    """A zone order in force."""

    zone = serializers.CharField(source="order.zone")
    rules = serializers.CharField(source="order.rules")
    rules_en = serializers.CharField(source="order.rules_en")
    authorised_by = serializers.CharField(source="order.authorised_by")
    starts_at = serializers.DateTimeField(source="order.starts_at")


class EmergencySerializer(serializers.Serializer):
    """An emergency order in force."""

    unit = serializers.CharField(source="unit.name")
    scenario = serializers.CharField()
    authorised_by = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()


class OrdersSerializer(serializers.Serializer):
    """Under which mode and zones a unit stands now, by orders for it or for what lies above."""

    mode = serializers.ChoiceField(choices=Mode.choices)
    emergencies = EmergencySerializer(many=True)
    zones = ZoneSerializer(many=True)


class UnitFilter(django_filters.FilterSet):
    parent = django_filters.CharFilter(field_name="parent__code", label=_("Code of the unit directly above"))
    kind = django_filters.ChoiceFilter(choices=Kind.choices)
    search = django_filters.CharFilter(method="find", label=_("Part of the name, or the beginning of the code"))
    is_live = django_filters.BooleanFilter(
        field_name="retired_at", lookup_expr="isnull", label=_("In use, that is not retired")
    )

    class Meta:
        model = Unit
        fields = ("parent", "kind", "search", "is_live")

    def find(self, units: QuerySet[Unit], name: str, value: str) -> QuerySet[Unit]:
        return units.filter(Q(name__icontains=value) | Q(code__startswith=value))


class UnitViewSet(ListModelMixin, RetrieveModelMixin, GenericViewSet):
    """The tree of streets, communities, grids, micro-grids and doors, as far as the user's posts reach."""

    queryset = Unit.objects.none()
    serializer_class = UnitSerializer
    filterset_class = UnitFilter
    pagination_class = ByCode
    lookup_field = "code"
    lookup_value_regex = r"\d{6,24}"

    def get_queryset(self) -> QuerySet[Unit]:
        return with_line(visible_to(known_user(self.request)))

    @extend_schema(responses=OrdersSerializer)
    @action(detail=True, pagination_class=None, filterset_class=None)
    def orders(self, request: Request, code: str) -> Response:
        """The emergency and zone orders that hold over this unit now, the strictest zone first."""
        unit = self.get_object()
        held = around([unit], clock.now())
        emergencies = [order for order in held.emergencies if lies_in(unit, order.unit)]
        zones = [each for each in held.zones if any(lies_in(unit, place) for place in each.units)]
        mode = Mode.EMERGENCY if emergencies else Mode.NORMAL
        return Response(OrdersSerializer({"mode": mode, "emergencies": emergencies, "zones": zones}).data)
