"""A report compared with what is open, and words added to that: what is sent and what comes back."""

from datetime import datetime

from rest_framework import serializers

from incidents.api.asked import CategoryField, UnitField
from incidents.api.shown import IncidentSerializer
from incidents.likeness import imagined
from incidents.models import Incident


class TypedSerializer(serializers.Serializer):
    """A report that isn't filed yet."""

    unit = UnitField()
    category = CategoryField(required=False, allow_null=True, default=None)
    description = serializers.CharField(max_length=2000)
    place_note = serializers.CharField(required=False, default="", allow_blank=True, max_length=200)

    def imagined(self, *, at: datetime) -> Incident:
        """The report as if it were filed at that moment."""
        said = self.validated_data
        return imagined(said["unit"], said["category"], said["description"], spot=said["place_note"], at=at)


class LikenessSerializer(serializers.Serializer):
    """An open incident that may be the same thing, how likely that is (0 to 1), how near it is, and why, in words."""

    incident = IncidentSerializer()
    score = serializers.FloatField()
    where = serializers.CharField()
    because = serializers.CharField()


class SupplementSerializer(serializers.Serializer):
    """Words added to an open incident in place of a second report. Sent again with the same `client_uuid`, it answers
    with the remark that is there already."""

    client_uuid = serializers.UUIDField()
    text = serializers.CharField()
