"""Rules of dispatch as configuration."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from accounts.errors import Refused
from accounts.spreadsheets import SheetAdmin
from dispatch.dispatch_rules import check_rule
from dispatch.models import DispatchRule
from dispatch.resources.dispatch_rules import DispatchRuleResource

_FACTS = ("category_code", "unit", "lead", "assisting")


class DispatchRuleForm(forms.ModelForm):
    class Meta:
        model = DispatchRule
        fields = (
            *("position", "name", "category_code", "unit", "mode", "level_from", "level_to"),
            *("lead", "assisting", "is_automatic", "is_active"),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            try:
                check_rule(**{name: data[name] for name in _FACTS})
            except Refused as refusal:
                self.add_error(refusal.field, ValidationError(refusal.message))
        return data


@admin.register(DispatchRule)
class DispatchRuleAdmin(SheetAdmin):
    """The first that fits counts. A change counts for what is dispatched from now on."""

    form = DispatchRuleForm
    resource_classes = (DispatchRuleResource,)
    list_display = (
        *("position", "name", "category_code", "unit", "mode", "level_from", "level_to", "lead"),
        *("is_automatic", "is_active"),
    )
    list_display_links = ("name",)
    list_filter = ("is_automatic", "is_active", "mode")
    list_select_related = ("unit", "lead")
    autocomplete_fields = ("unit",)
    filter_horizontal = ("assisting",)
    ordering = ("position", "pk")
