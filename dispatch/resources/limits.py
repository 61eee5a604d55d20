"""Limits as Excel or CSV."""

from import_export.fields import Field

from accounts.spreadsheets import SheetResource, YesNoWidget
from dispatch.models import LimitRule
from dispatch.models.deadline import Clock, Subject
from dispatch.resources.widgets import ChoiceWidget, TimeOfDayWidget, WholeNumberWidget
from grids.models import Mode


class LimitRuleResource(SheetResource):
    """One row a rule, found again by what it is for, its clock, its levels, its category and its mode."""

    HEADERS = {
        "applies_to": ("适用对象", "Applies to"),
        "clock": ("时钟", "Clock"),
        "level_from": ("最低级别", "From level"),
        "level_to": ("最高级别", "To level"),
        "category_code": ("类别编码", "Category code"),
        "mode": ("运行模式", "Mode"),
        "amount": ("数量", "How many"),
        "measure": ("单位", "Of what"),
        "at_time": ("时刻", "Time of day"),
        "is_active": ("在用", "In use"),
    }
    NEEDED = ("clock", "level_from", "level_to", "category_code")
    ASSUMED = ("applies_to", "mode", "measure")

    applies_to = Field(attribute="applies_to", widget=ChoiceWidget(Subject, empty=Subject.INCIDENT))
    clock = Field(attribute="clock", widget=ChoiceWidget(Clock))
    level_from = Field(attribute="level_from", widget=WholeNumberWidget())
    level_to = Field(attribute="level_to", widget=WholeNumberWidget())
    category_code = Field(attribute="category_code")
    mode = Field(attribute="mode", widget=ChoiceWidget(Mode, empty=""))
    amount = Field(attribute="amount", widget=WholeNumberWidget())
    measure = Field(attribute="measure", widget=ChoiceWidget(LimitRule.Measure, empty=LimitRule.Measure.MINUTES))
    at_time = Field(attribute="at_time", widget=TimeOfDayWidget())
    is_active = Field(attribute="is_active", widget=YesNoWidget())

    class Meta(SheetResource.Meta):
        model = LimitRule
        fields = (
            *("applies_to", "clock", "level_from", "level_to", "category_code", "mode"),
            *("amount", "measure", "at_time", "is_active"),
        )
        import_id_fields = ("applies_to", "clock", "level_from", "level_to", "category_code", "mode")
