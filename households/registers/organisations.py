"""The register of key organisations (practice 43 of the handbook)."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.masking import mask_name, mask_phone
from households.models import ExportRequest, Organisation
from households.registers.areas import in_order, within
from households.registers.columns import Column, Register, Scope
from households.registers.places import places, street, unit_code
from households.registers.residents import nothing


def open_organisations(scope: Scope) -> QuerySet[Organisation]:
    """Those of the area that haven't closed; the day of closing is the first without it."""
    still_open = Q(closed_on=None) | Q(closed_on__gt=scope.on)
    return Organisation.objects.filter(still_open, within(scope.area))


def _rows(scope: Scope) -> QuerySet[Organisation]:
    rows = open_organisations(scope)
    if scope.kind == KEY_ONLY:
        rows = rows.filter(is_key=True)
    elif scope.kind:
        rows = rows.filter(kind=scope.kind)
    return rows.order_by(*in_order(), "name", "pk")


def yes_no(value: bool) -> str:
    return "是" if value else "否"


KEY_ONLY = "key"

ORGANISATIONS = Register(
    code=ExportRequest.Register.ORGANISATIONS,
    title=ExportRequest.Register.ORGANISATIONS.label,
    columns=(
        unit_code(),
        street(),
        *places(),
        Column("name", _("Name of the organisation"), "name", width=26),
        Column("uscc", _("Unified social credit code"), "uscc", width=22),
        Column("kind", _("Kind"), "kind", Organisation.Kind),
        Column("is_key", _("Key organisation"), "is_key", said=yes_no, width=8, on_page=False),
        Column("address", _("Address"), "address", width=20),
        Column("hazards", _("Hazards"), "hazards", width=20),
        Column("contact_name", _("Contact"), "contact_name", masked=mask_name, is_name=True),
        Column("contact_phone", _("Phone"), "contact_phone", masked=mask_phone, width=14),
        Column("headcount", _("Headcount"), "headcount", width=8, on_page=False),
        Column("note", _("Note"), "note", masked=nothing, width=20, on_page=False),
    ),
    rows=_rows,
    kinds=lambda: [(KEY_ONLY, str(_("Key organisations only"))), *Organisation.Kind.choices],
    kind_label=_("Kind"),
    record=("households:organisation", "pk"),
)
