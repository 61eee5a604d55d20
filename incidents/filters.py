"""Which incidents somebody asks for."""

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from grids.models import Unit
from incidents.models import Incident
from incidents.selectors import in_unit
from incidents.workflow import OPEN, Status


class IncidentFilter(django_filters.FilterSet):
    """Narrows what the user may see; it never widens it."""

    status = django_filters.MultipleChoiceFilter(choices=Status.choices)
    is_open = django_filters.BooleanFilter(method="open_or_not", label=_("Somebody still owes something"))
    level = django_filters.NumberFilter(label=_("Level, 1 to 4"))
    category = django_filters.CharFilter(
        field_name="category__code", lookup_expr="startswith", label=_("Category code, or the code of its group")
    )
    unit = django_filters.CharFilter(method="within", label=_("Code of a unit: everything in it and below it"))
    reported_from = django_filters.IsoDateTimeFilter(field_name="reported_at", lookup_expr="gte")
    reported_before = django_filters.IsoDateTimeFilter(field_name="reported_at", lookup_expr="lt")

    class Meta:
        model = Incident
        fields = ("status", "is_open", "level", "category", "unit", "reported_from", "reported_before")

    def open_or_not(self, incidents: QuerySet[Incident], name: str, value: bool) -> QuerySet[Incident]:
        return incidents.filter(status__in=OPEN) if value else incidents.exclude(status__in=OPEN)

    def within(self, incidents: QuerySet[Incident], name: str, value: str) -> QuerySet[Incident]:
        unit = Unit.objects.filter(code=value).first()
        return in_unit(incidents, unit) if unit else incidents.none()
