"""Kinds of tags as Excel or CSV."""

from import_export.fields import Field

from accounts.spreadsheets import SheetResource, YesNoWidget
from households.models import TagKind


class TagKindResource(SheetResource):
    HEADERS = {
        "code": ("编码", "Code"),
        "name": ("名称", "Name"),
        "name_en": ("英文名称", "English name"),
        "is_sensitive": ("敏感", "Sensitive"),
        "visit_every_days": ("走访间隔天数", "Visit every … days"),
        "order": ("排序", "Order"),
        "is_active": ("在用", "In use"),
    }
    NEEDED = ("code",)

    is_sensitive = Field(attribute="is_sensitive", widget=YesNoWidget())
    is_active = Field(attribute="is_active", widget=YesNoWidget())

    class Meta(SheetResource.Meta):
        model = TagKind
        fields = ("code", "name", "name_en", "is_sensitive", "visit_every_days", "order", "is_active")
        import_id_fields = ("code",)
