"""What the endpoints of supervision items and of whistles share."""

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from accounts.api import ErrorSerializer
from accounts.known import known_user
from grids.models import Department, Unit
from grids.selectors import visible_to as units_visible_to
from incidents.models import Incident
from incidents.selectors import visible_to as incidents_visible_to

UNKNOWN: Final[dict[str, Any]] = {"does_not_exist": _("Nothing with the code “{value}” is known here.")}
REFUSALS: Final = {
    400: OpenApiResponse(ErrorSerializer, "Something is missing or wrong; `field` says where."),
    403: OpenApiResponse(ErrorSerializer, "It is for others to do."),
    404: OpenApiResponse(ErrorSerializer, "There is no such thing, or none that the user may see."),
    409: OpenApiResponse(ErrorSerializer, "It stands elsewhere by now."),
}


class UnitField(serializers.SlugRelatedField):
    """A unit that the user may see, by its code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="code", queryset=Unit.objects.none(), error_messages=UNKNOWN, **kwargs)

    def get_queryset(self) -> Any:
        return units_visible_to(known_user(self.context["request"])).select_related("street")


class IncidentField(serializers.SlugRelatedField):
    """An incident that the user may see, by its number."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="number", queryset=Incident.objects.none(), error_messages=UNKNOWN, **kwargs)

    def get_queryset(self) -> Any:
        return incidents_visible_to(known_user(self.context["request"]))


def departments() -> serializers.SlugRelatedField:
    """A department, by its code."""
    return serializers.SlugRelatedField(
        slug_field="code", queryset=Department.objects.all(), error_messages=UNKNOWN, required=False, default=None
    )


class StepSerializer(serializers.Serializer):
    """One act of the history."""

    act = serializers.CharField()
    actor = serializers.CharField()
    post = serializers.CharField(source="post_label")
    at = serializers.DateTimeField()
    note = serializers.CharField()
