"""The register of key people: one row a live tag of somebody who lives here today (practice 42 of the handbook).

Sensitive kinds are listed for `Ability.SEE_SENSITIVE` alone; everybody else gets their number without names.
"""

from django.db.models import F, QuerySet, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.masking import mask_name, mask_number, mask_phone
from households.living import holding, living
from households.loading.fields import Field
from households.models import ExportRequest, Resident, ResidentTag, TagKind
from households.registers.areas import in_order, within
from households.registers.columns import Column, Register, Scope
from households.registers.places import places, street
from households.registers.residents import nothing, year_only

_UNIT = "resident__household__unit__"


def live_tags(scope: Scope) -> QuerySet[ResidentTag]:
    """The tags that hold on the day, of people who live in the area, whatever their kind."""
    return ResidentTag.objects.filter(holding(scope.on), living(scope.on, at="resident__"), within(scope.area, _UNIT))


def _rows(scope: Scope) -> QuerySet[ResidentTag]:
    tags = live_tags(scope).annotate(kind_word=_kind_word())
    if not scope.sees_sensitive:
        tags = tags.filter(kind__is_sensitive=False)
    if scope.kind:
        tags = tags.filter(kind__code=scope.kind)
    return tags.order_by("kind__order", "kind_id", *in_order(_UNIT), "pk")


def _kind_word() -> Combinable:
    """The name of the kind in the reader's language: what `str(kind)` says, where rows are tuples."""
    if (get_language() or "").startswith("en"):
        return Coalesce(NullIf("kind__name_en", Value("")), "kind__name")
    return F("kind__name")


def _kinds() -> list[tuple[str, str]]:
    return [(kind.code, str(kind)) for kind in TagKind.objects.filter(is_active=True)]


KEY_PEOPLE = Register(
    code=ExportRequest.Register.KEY_PEOPLE,
    title=ExportRequest.Register.KEY_PEOPLE.label,
    columns=(
        street(_UNIT),
        *places(_UNIT),
        Column("address", Field.ADDRESS.label, "resident__household__address", width=20),
        Column("name", Field.NAME.label, "resident__name", masked=mask_name, is_name=True),
        Column("sex", Field.SEX.label, "resident__sex", Resident.Sex, width=6),
        Column("born_on", Field.BORN_ON.label, "resident__born_on", masked=year_only),
        Column("number", Field.NUMBER.label, "resident__document_number", masked=mask_number, width=22, on_page=False),
        Column("phone", Field.PHONE.label, "resident__phone", masked=mask_phone, width=14),
        Column("tags", Field.TAGS.label, "kind_word", width=16),
        Column("level", _("Level"), "level", width=6),
        Column("since", _("Since"), "since", width=12),
        Column("tag_note", Field.NOTE.label, "note", masked=nothing, width=20, on_page=False),
    ),
    rows=_rows,
    kinds=_kinds,
    kind_label=Field.TAGS.label,
    record=("households:resident", "resident_id"),
)
