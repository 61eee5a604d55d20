"""How a load looks over the API. Counts, columns and places only: no row of anybody."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from grids.models import Unit
from households.loading import runs
from households.loading.plan import BookPlan
from households.loading.progress import progress_of
from households.models import LoadStreet, NamedPlaceRow, RegisterLoad

LOAD_STATES = RegisterLoad.State.choices
STREET_STATES = LoadStreet.State.choices
"""Named here for the schema (`SPECTACULAR_SETTINGS`): several things have a `state`."""


class ScopeSerializer(serializers.ModelSerializer):
    class Meta:
        model = Unit
        fields = ("code", "name", "kind")
        read_only_fields = fields


class LoadSerializer(serializers.ModelSerializer):
    """A load as a list shows it. `counts` are rows by verdict, and under `problems` by problem."""

    state_name = serializers.CharField(source="get_state_display")
    scope = ScopeSerializer()
    made_by: serializers.Field = serializers.StringRelatedField()

    class Meta:
        model = RegisterLoad
        fields: tuple[str, ...] = (
            *("key", "file_name", "size", "state", "state_name", "scope", "made_by", "made_at"),
            *("counts", "refusal", "previewed_at", "confirmed_at", "ended_at"),
        )
        read_only_fields = fields


class ProgressSerializer(serializers.Serializer):
    """How far the work has come. `seconds_left` is null as long as it would be a guess."""

    stage = serializers.CharField()
    rows = serializers.IntegerField()
    total_rows = serializers.IntegerField()
    percent = serializers.IntegerField()
    seconds_left = serializers.IntegerField(allow_null=True)


class ColumnSerializer(serializers.Serializer):
    """One column and what it was taken for; `field` empty: left out."""

    index = serializers.IntegerField()
    header = serializers.CharField()
    field = serializers.CharField()
    member = serializers.IntegerField()
    confidence = serializers.FloatField()
    corrected = serializers.BooleanField()


class SheetSerializer(serializers.Serializer):
    index = serializers.IntegerField()
    name = serializers.CharField()
    is_register = serializers.BooleanField()
    is_taken = serializers.BooleanField()
    shape = serializers.CharField()
    columns = ColumnSerializer(many=True)


class NamedPlaceSerializer(serializers.ModelSerializer):
    """A place as the file names it, and the micro-grid that it means (`found` says how that is known)."""

    unit: serializers.Field = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = NamedPlaceRow
        fields = ("index", "community", "grid", "micro_grid", "hint", "lines", "found", "unit")
        read_only_fields = fields


class StreetSerializer(serializers.ModelSerializer):
    """One street's share; a street is applied or undone as a whole."""

    street: serializers.Field = serializers.SlugRelatedField(slug_field="code", read_only=True)

    class Meta:
        model = LoadStreet
        fields = ("street", "state", "counts", "applied_at", "undone_at")
        read_only_fields = fields


class LoadDetailSerializer(LoadSerializer):
    """A load with how it was read, where its places are, and how far the work is."""

    progress = serializers.SerializerMethodField()
    waits_for = serializers.SerializerMethodField(help_text="Why it waits for its turn, in a sentence.")
    sheets = serializers.SerializerMethodField()
    places = NamedPlaceSerializer(many=True)
    streets = StreetSerializer(many=True)

    class Meta(LoadSerializer.Meta):
        fields = (
            *(*LoadSerializer.Meta.fields, "answers", "seconds", "progress", "waits_for"),
            *("sheets", "places", "streets"),
        )
        read_only_fields = fields

    @extend_schema_field(ProgressSerializer(allow_null=True))
    def get_progress(self, load: RegisterLoad) -> Any:
        found = progress_of(load.pk)
        return ProgressSerializer(found).data if found else None

    def get_waits_for(self, load: RegisterLoad) -> str:
        return runs.waits_for(load)

    @extend_schema_field(SheetSerializer(many=True))
    def get_sheets(self, load: RegisterLoad) -> Any:
        return SheetSerializer(BookPlan.from_json(load.plan).sheets, many=True).data
