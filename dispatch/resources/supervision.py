"""Types of supervision items as Excel or CSV."""

from import_export.fields import Field

from accounts.spreadsheets import SheetResource, YesNoWidget
from dispatch.models import SupervisionType


class SupervisionTypeResource(SheetResource):
    """One row a type, found again by its code."""

    HEADERS = {
        "code": ("编码", "Code"),
        "name": ("名称", "Name"),
        "name_en": ("英文名称", "English name"),
        "is_active": ("在用", "In use"),
    }
    NEEDED = ("code", "name")

    is_active = Field(attribute="is_active", widget=YesNoWidget())

    class Meta(SheetResource.Meta):
        model = SupervisionType
        fields = ("code", "name", "name_en", "is_active")
        import_id_fields = ("code",)
