"""What is sent to the API: reports, remarks, and for each act the arguments of the service behind it."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.known import known_user
from accounts.models import User
from grids.models import Department, Unit
from grids.selectors import visible_to as units_visible_to
from incidents.acts import ACTS
from incidents.models import Assignment, Category, Evaluation, Incident, Source
from incidents.selectors import current_categories, visible_to
from incidents.services import Draft
from incidents.situation import Situation

MOVE_NAMES: Final = [(slug, slug) for slug, page in ACTS.items() if page.by_api]
_UNKNOWN: Final[dict[str, Any]] = {"does_not_exist": _("Nothing with the code “{value}” is known here.")}


class PartyField(serializers.CharField):
    """A department or a live unit, by its code."""

    default_error_messages = {"unknown": _UNKNOWN["does_not_exist"]}

    def to_internal_value(self, data: Any) -> Any:
        code = super().to_internal_value(data)
        party = Department.objects.filter(code=code).first() or Unit.objects.filter(code=code).first()
        if party is None:
            self.fail("unknown", value=code)
        return party


class CategoryField(serializers.SlugRelatedField):
    """An entry of the catalogue as it counts now."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="code", queryset=Category.objects.none(), error_messages=_UNKNOWN, **kwargs)

    def get_queryset(self) -> Any:
        return current_categories()


class UnitField(serializers.SlugRelatedField):
    """A place that the user may see."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(slug_field="code", queryset=Unit.objects.none(), error_messages=_UNKNOWN, **kwargs)

    def get_queryset(self) -> Any:
        return units_visible_to(known_user(self.context["request"]))


class ReportSerializer(serializers.Serializer):
    """A report. `client_uuid` is made by the sender: sent again, it answers with the incident that is there already.

    With `measures`, a level 1 incident is closed at once: it was handled on the spot.
    """

    client_uuid = serializers.UUIDField()
    unit = UnitField()
    category = CategoryField()
    description = serializers.CharField()
    place_note = serializers.CharField(required=False, default="", allow_blank=True)
    source = serializers.ChoiceField(  # type: ignore[assignment]  # a name that DRF itself uses
        choices=Source.choices, required=False, default=Source.WORKER
    )
    level = serializers.IntegerField(required=False, allow_null=True, default=None, min_value=1, max_value=4)
    measures = serializers.CharField(required=False, default="", allow_blank=True)

    def draft(self) -> Draft:
        said = dict(self.validated_data)
        said.pop("measures")
        return Draft(**said)


class RemarkSerializer(serializers.Serializer):
    text = serializers.CharField()


class MoveSerializer(serializers.Serializer):
    """An act that needs nothing but its name."""

    act: serializers.Field = serializers.ChoiceField(choices=MOVE_NAMES)

    def arguments(self, now: Situation) -> dict[str, Any]:
        """What the service is called with."""
        return {name: value for name, value in self.validated_data.items() if name != "act"}


class RemarkMove(MoveSerializer):
    note = serializers.CharField(required=False, default="", allow_blank=True)


class TriageMove(RemarkMove):
    level = serializers.IntegerField(required=False, min_value=1, max_value=4)
    category = CategoryField(required=False)


class DispatchMove(RemarkMove):
    lead = PartyField()
    assisting = serializers.ListField(child=PartyField(), required=False, default=list)


class HandleMove(MoveSerializer):
    measures = serializers.CharField()
    outcome = serializers.CharField(required=False, default="", allow_blank=True)
    contacted = serializers.CharField(required=False, default="", allow_blank=True)
    done_at = serializers.DateTimeField(required=False)


class SettleMove(MoveSerializer):
    measures = serializers.CharField()


class AssistMove(MoveSerializer):
    """Something about one assisting party; it need not be named when there is only one that it can be."""

    party = serializers.CharField(required=False)
    default_error_messages = {"party": _("Name the assisting party by its code.")}

    def rows(self, now: Situation) -> list[Assignment]:
        return [row for row in now.parties if row.part == Assignment.Part.ASSIST]

    def arguments(self, now: Situation) -> dict[str, Any]:
        said = super().arguments(now)
        wanted = said.pop("party", None)
        rows = [row for row in self.rows(now) if wanted in (None, row.party.code)]
        if len(rows) != 1:
            message = self.error_messages["party"]
            raise serializers.ValidationError({"party": [message]}, code="party")
        return {**said, "assignment": rows[0]}


class AnswerMove(AssistMove):
    answer = serializers.CharField()

    def rows(self, now: Situation) -> list[Assignment]:
        return now.own_assists or super().rows(now)


class ReleaseMove(AssistMove, RemarkMove):
    pass


class AskSuspensionMove(MoveSerializer):
    reason = serializers.CharField()
    until = serializers.DateTimeField()


class DecideMove(RemarkMove):
    approve = serializers.BooleanField()


class EvaluateMove(MoveSerializer):
    score = serializers.ChoiceField(choices=Evaluation.Score.choices)
    text = serializers.CharField(required=False, default="", allow_blank=True)


class MergeMove(RemarkMove):
    into = serializers.CharField(help_text=_("Number of the open incident that this one is merged into."))

    def validate_into(self, number: str) -> Incident:
        found = visible_to(self.context["request"].user).filter(number=number).first()
        if found is None:
            raise serializers.ValidationError(_UNKNOWN["does_not_exist"].format(value=number), code="does_not_exist")
        return found


MOVES: Final[dict[str, type[MoveSerializer]]] = {
    "sign": MoveSerializer,
    "handle": HandleMove,
    "answer": AnswerMove,
    "verify": RemarkMove,
    "reject": RemarkMove,
    "decide": DecideMove,
    "dispatch": DispatchMove,
    "settle": SettleMove,
    "triage": TriageMove,
    "redispatch": DispatchMove,
    "return": RemarkMove,
    "ask-suspension": AskSuspensionMove,
    "resume": RemarkMove,
    "evaluate": EvaluateMove,
    "archive": MoveSerializer,
    "reopen": RemarkMove,
    "release": ReleaseMove,
    "merge": MergeMove,
    "void": RemarkMove,
}
"""What each act of `incidents.acts` is sent with; a test keeps the two tables alike."""


def perform(act: str, incident: Incident, *, actor: User, arguments: Mapping[str, Any]) -> None:
    """Do it by the service that the page uses too."""
    ACTS[act].perform(incident, actor=actor, **arguments)
