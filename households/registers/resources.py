"""The register of what the area can count on (practice 44 of the handbook)."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.masking import mask_name, mask_phone
from households.models import ExportRequest, Resource
from households.registers.areas import in_order, within
from households.registers.columns import Column, Register, Scope
from households.registers.places import places, street, unit_code
from households.registers.residents import nothing


def resources_at_hand(scope: Scope) -> QuerySet[Resource]:
    """Those of the area that weren't withdrawn."""
    at_hand = Q(withdrawn_on=None) | Q(withdrawn_on__gt=scope.on)
    return Resource.objects.filter(at_hand, within(scope.area))


def _rows(scope: Scope) -> QuerySet[Resource]:
    rows = resources_at_hand(scope)
    if scope.kind:
        rows = rows.filter(kind=scope.kind)
    return rows.order_by("kind", *in_order(), "name", "pk")


RESOURCES = Register(
    code=ExportRequest.Register.RESOURCES,
    title=ExportRequest.Register.RESOURCES.label,
    columns=(
        unit_code(),
        street(),
        *places(),
        Column("kind", _("Kind"), "kind", Resource.Kind),
        Column("name", _("Name of the resource"), "name", width=26),
        Column("quantity", _("Quantity"), "quantity", width=8),
        Column("measure", _("Counted in"), "measure", width=8),
        Column("place", _("Where it is"), "place", width=20),
        Column("owner", _("Owner"), "owner", width=16, on_page=False),
        Column("contact_name", _("Contact"), "contact_name", masked=mask_name, is_name=True),
        Column("contact_phone", _("Phone"), "contact_phone", masked=mask_phone, width=14),
        Column("note", _("Note"), "note", masked=nothing, width=20, on_page=False),
    ),
    rows=_rows,
    kinds=lambda: Resource.Kind.choices,
    kind_label=_("Kind"),
    record=("households:resource", "pk"),
)
