"""What is sent to the API of loads, each with the arguments of the service behind it."""

from typing import Any

from django.utils.functional import lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.known import known_user
from grids.models import Kind, Unit
from grids.selectors import visible_to
from households.loading.fields import Field
from households.loading.plan import Shape
from households.loading.runs.deciding import DOUBTFUL_ANSWERS, GONE_ANSWERS
from households.loading.runs.selectors import SCOPES

_UNKNOWN: dict[str, Any] = {"does_not_exist": _("Nothing with the code “{value}” is known here.")}


class PlaceField(serializers.SlugRelatedField):
    """A place in use that the user may see, of these kinds, by its code."""

    def __init__(self, *kinds: str, **options: Any) -> None:
        self._kinds = kinds
        super().__init__(slug_field="code", queryset=Unit.objects.none(), error_messages=_UNKNOWN, **options)

    def get_queryset(self) -> Any:
        units = visible_to(known_user(self.context["request"]))
        return units.filter(kind__in=self._kinds, retired_at=None)


class UploadSerializer(serializers.Serializer):
    """A file as `multipart/form-data`. Without `scope` it is for the whole district."""

    file = serializers.FileField(max_length=200)
    scope = PlaceField(*SCOPES, required=False, allow_null=True, default=None)
    add_places = serializers.BooleanField(
        required=False, default=False, help_text=_("Add grids and micro-grids that are missing in a known community.")
    )


def _said_of_columns() -> str:
    """In the reader's language: a lazy text that is filled in at once would keep the one of the start."""
    said = gettext(
        "By the column's index: its field, with the member where members stand side by side (name:2); "
        "empty to leave it out. Fields: %(fields)s"
    )
    return said % {"fields": ", ".join(Field.values)}


class SheetCorrectionSerializer(serializers.Serializer):
    """What is said of one sheet. What isn't named stays as it was recognised."""

    index = serializers.IntegerField(min_value=0)
    columns = serializers.DictField(
        child=serializers.CharField(allow_blank=True),
        required=False,
        help_text=lazy(_said_of_columns, str)(),
    )
    is_taken = serializers.BooleanField(required=False)
    shape = serializers.ChoiceField(choices=Shape.choices, required=False)

    def validate_columns(self, columns: dict[str, str]) -> dict[int, str]:
        if not all(index.isdecimal() for index in columns):
            raise serializers.ValidationError(_("Columns are named by their index, counted from 0."))
        return {int(index): field for index, field in columns.items()}


class CorrectSerializer(serializers.Serializer):
    sheets = SheetCorrectionSerializer(many=True)

    def arguments(self) -> dict[str, Any]:
        said = [dict(sheet) for sheet in self.validated_data["sheets"]]
        return {"sheets": {sheet.pop("index"): sheet for sheet in said}}


class PlaceAnswerSerializer(serializers.Serializer):
    index = serializers.IntegerField()
    unit = PlaceField(Kind.MICRO_GRID, allow_null=True, help_text=_("Code of a micro-grid; null: as it was found."))


class PlacesSerializer(serializers.Serializer):
    units = PlaceAnswerSerializer(many=True, required=False, default=list)
    add = serializers.ListField(child=serializers.IntegerField(), required=False, default=list)

    def arguments(self) -> dict[str, Any]:
        units = {answer["index"]: answer["unit"] for answer in self.validated_data["units"]}
        return {"units": units, "add": set(self.validated_data["add"])}


class DecideSerializer(serializers.Serializer):
    """What becomes of who isn't in the file, and of doubtful rows."""

    gone = serializers.ChoiceField(choices=[(answer, answer) for answer in GONE_ANSWERS], required=False)
    doubtful = serializers.ChoiceField(choices=[(answer, answer) for answer in DOUBTFUL_ANSWERS], required=False)

    def arguments(self) -> dict[str, Any]:
        return dict(self.validated_data)
