"""The ladder as configuration."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

import clock
from accounts.errors import Refused
from accounts.spreadsheets import SheetAdmin
from dispatch.escalation.ladder import check_change
from dispatch.models import LadderRung
from dispatch.resources.ladder import LadderRungResource
from grids.models import Kind, Unit


class LadderRungForm(forms.ModelForm):
    class Meta:
        model = LadderRung
        fields = ("street", "tier", "role", "after_minutes", "level_from", "is_active")

    def clean_street(self) -> Unit | None:
        street: Unit | None = self.cleaned_data["street"]
        if street is not None and street.kind != Kind.STREET:
            raise ValidationError(_("Choose a sub-district, or leave it empty."))
        return street

    def clean(self) -> dict[str, Any]:
        """A ladder on which nobody stands is refused before it is needed."""
        data = super().clean() or {}
        if not self.errors:
            changed = {name: data[name] for name in self.Meta.fields}
            try:
                check_change(LadderRung(pk=self.instance.pk, **changed))
            except Refused as refusal:
                raise ValidationError({refusal.field or "role": refusal.message}) from refusal
        return data


@admin.register(LadderRung)
class LadderRungAdmin(SheetAdmin):
    """A change counts for ladders that start from now on; those under way keep their plan."""

    form = LadderRungForm
    resource_classes = (LadderRungResource,)
    list_display = ("tier", "role", "after_minutes", "level_from", "street", "is_active", "posts_today")
    list_filter = ("tier", "is_active", ("street", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("role", "street")
    autocomplete_fields = ("street",)
    ordering = ("street", "after_minutes", "pk")

    def get_queryset(self, request: HttpRequest) -> QuerySet[LadderRung]:
        today = clock.today()
        held = Q(role__posts__starts_on__lte=today, role__posts__user__is_active=True)
        held &= Q(role__posts__ends_on=None) | Q(role__posts__ends_on__gte=today)
        return super().get_queryset(request).annotate(held=Count("role__posts", filter=held))

    @admin.display(description=_("posts held today"))
    def posts_today(self, rung: LadderRung) -> str:
        """How many people hold the role anywhere; a rung that nobody holds is passed by, and says so here."""
        held: int = rung.held  # type: ignore[attr-defined]
        return str(held) if held else str(_("vacant: it is passed by"))

    def has_delete_permission(self, request: HttpRequest, obj: LadderRung | None = None) -> bool:
        return False  # put out of use instead, which asks whether anybody is left on the ladder
