"""Units over the API: read only, and only those that the user may see."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.mixins import ListModelMixin, RetrieveModelMixin
from rest_framework.pagination import CursorPagination
from rest_framework.viewsets import GenericViewSet

from accounts.known import known_user
from grids.models import Kind, Unit
from grids.selectors import visible_to, with_line


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
