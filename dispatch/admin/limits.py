"""Time limits as configuration."""

from django import forms
from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.spreadsheets import SheetAdmin
from dispatch.models import LimitRule
from dispatch.resources.limits import LimitRuleResource
from incidents.models import Category


class LimitRuleForm(forms.ModelForm):
    class Meta:
        model = LimitRule
        fields = (
            *("applies_to", "clock", "level_from", "level_to", "category_code", "mode"),
            *("amount", "measure", "at_time", "is_active"),
        )

    def clean_category_code(self) -> str:
        code = self.cleaned_data["category_code"]
        if code and not Category.objects.filter(code=code, ended_at=None).exists():
            raise forms.ValidationError(_("The catalogue has no entry %(code)s.") % {"code": code})
        return code


@admin.register(LimitRule)
class LimitRuleAdmin(SheetAdmin):
    """A change counts for clocks that start from now on; those that run keep what they were promised."""

    form = LimitRuleForm
    resource_classes = (LimitRuleResource,)
    list_display = ("applies_to", "clock", "levels", "category_code", "mode", "limit", "is_active")
    list_filter = ("applies_to", "clock", "mode", "is_active")

    @admin.display(description=gettext_lazy("level"), ordering="level_from")
    def levels(self, rule: LimitRule) -> str:
        return f"{rule.level_from}–{rule.level_to}" if rule.level_from < rule.level_to else str(rule.level_from)

    @admin.display(description=pgettext_lazy("of a rule", "limit"))
    def limit(self, rule: LimitRule) -> str:
        return rule.limit_in_words
