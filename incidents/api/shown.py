"""How categories and incidents look over the API."""

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from grids.models import Unit
from incidents.acts import offered
from incidents.models import Assignment, Category, Evaluation, Incident, Note, Result, StatusChange
from incidents.situation import situation_of
from incidents.standing import current_assignments


class CategorySerializer(serializers.ModelSerializer):
    """One entry of the catalogue as it counts now. `level` empty: a group, which nothing is reported under."""

    parent = serializers.CharField(source="parent_code")  # type: ignore[assignment]  # a name that DRF itself uses
    lead: serializers.Field = serializers.SlugRelatedField(slug_field="code", read_only=True)
    assisting: serializers.Field = serializers.SlugRelatedField(slug_field="code", many=True, read_only=True)

    class Meta:
        model = Category
        fields = (
            "code",
            "version",
            "parent",
            "name",
            "name_en",
            "description",
            "description_en",
            "level",
            "lead",
            "assisting",
            "limit_minutes",
            "closing_conditions",
            "closing_conditions_en",
            "keywords",
            "is_common",
        )
        read_only_fields = fields


class CategoryNameSerializer(serializers.ModelSerializer):
    """The version that an incident was reported under."""

    class Meta:
        model = Category
        fields = ("code", "version", "name", "name_en")
        read_only_fields = fields


class PlaceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Unit
        fields = ("code", "name", "kind")
        read_only_fields = fields


class HolderSerializer(serializers.ModelSerializer):
    """A party that has the incident in hand now: a department or a unit, by its code."""

    party = serializers.CharField(source="party.code")
    party_name = serializers.CharField(source="party")

    class Meta:
        model = Assignment
        fields = ("part", "party", "party_name", "state", "assigned_at", "signed_at", "answered_at", "answer")
        read_only_fields = fields


class IncidentSerializer(serializers.ModelSerializer):
    """An incident as a list shows it. `place` runs from the community down."""

    status_name = serializers.CharField(source="get_status_display")
    category = CategoryNameSerializer()
    unit: serializers.Field = serializers.SlugRelatedField(slug_field="code", read_only=True)
    street = PlaceSerializer()
    place = PlaceSerializer(many=True)
    reporter: serializers.Field = serializers.StringRelatedField()
    holders = serializers.SerializerMethodField()
    merged_into: serializers.Field = serializers.SlugRelatedField(slug_field="number", read_only=True)

    class Meta:
        model = Incident
        fields: tuple[str, ...] = (
            "number",
            "status",
            "status_name",
            "level",
            "category",
            "description",
            "source",
            "unit",
            "street",
            "place",
            "place_note",
            "reporter",
            "reported_at",
            "state_entered_at",
            "closed_at",
            "suspended_until",
            "merged_into",
            "holders",
        )
        read_only_fields = fields

    @extend_schema_field(HolderSerializer(many=True))
    def get_holders(self, incident: Incident) -> Any:
        return HolderSerializer(current_assignments(incident), many=True).data


class NameOrResidentField(serializers.StringRelatedField):
    """Who it was, by name; where no account is kept it was a resident, called so in the reader's language."""

    def get_attribute(self, instance: Any) -> Any:
        return super().get_attribute(instance) or _("Resident")


class ChangeSerializer(serializers.ModelSerializer):
    """One act of the history. `actor` is a name, or “Resident” in the reader's language where `by_resident` is true:
    reported, evaluated or opened again by a resident without an account. Null is the system itself."""

    actor = serializers.SerializerMethodField()
    post = serializers.CharField(source="post_label")

    class Meta:
        model = StatusChange
        fields = ("act", "old", "new", "actor", "by_resident", "post", "at", "note", "data")
        read_only_fields = fields

    def get_actor(self, change: StatusChange) -> str | None:
        if change.by_resident:
            return _("Resident")
        return str(change.actor) if change.actor else None


class ResultSerializer(serializers.ModelSerializer):
    by: serializers.Field = serializers.StringRelatedField()

    class Meta:
        model = Result
        fields = ("by", "at", "done_at", "contacted", "measures", "outcome")
        read_only_fields = fields


class NoteSerializer(serializers.ModelSerializer):
    by: serializers.Field = NameOrResidentField()
    post = serializers.CharField(source="post_label", read_only=True)

    class Meta:
        model = Note
        fields = ("by", "post", "at", "text")
        read_only_fields = ("at",)


class EvaluationSerializer(serializers.ModelSerializer):
    recorded_by: serializers.Field = NameOrResidentField()

    class Meta:
        model = Evaluation
        fields = ("score", "text", "recorded_by", "at")
        read_only_fields = fields


class IncidentDetailSerializer(IncidentSerializer):
    """An incident with all that happened to it, and the acts that this user may do now."""

    acts = serializers.SerializerMethodField()
    history = ChangeSerializer(source="changes", many=True)
    results = ResultSerializer(many=True)
    notes = NoteSerializer(many=True)
    evaluations = EvaluationSerializer(many=True)

    class Meta(IncidentSerializer.Meta):
        fields = (*IncidentSerializer.Meta.fields, "acts", "history", "results", "notes", "evaluations")
        read_only_fields = fields

    def get_acts(self, incident: Incident) -> list[str]:
        user = self.context["request"].user
        return [page.slug for page in offered(situation_of(user, incident)) if page.by_api]
