"""The catalogue as Excel or CSV: the columns of `incidents/catalogue/categories.csv`, written through the same door."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from import_export.fields import Field

from accounts.errors import Refused
from accounts.models import User
from accounts.spreadsheets import SheetResource
from incidents.catalogue_sheet import HEADERS, Departments, cells_of, code_from, column_of, terms_from
from incidents.models import Category
from incidents.selectors import current_categories
from incidents.services.catalogue import checked, revise_category
from incidents.terms import Terms, terms_of


class CategoryResource(SheetResource):
    """The entries that count now. A row that says something new makes a new version; the same again makes nothing."""

    HEADERS = HEADERS
    NEEDED = ("code",)

    code = Field(attribute="code")
    parent = Field()
    name = Field(attribute="name")
    name_en = Field(attribute="name_en")
    description = Field()
    description_en = Field()
    level = Field()
    lead = Field()
    assist = Field()
    limit_minutes = Field()
    closing_conditions = Field()
    closing_conditions_en = Field()
    keywords = Field()
    common = Field()

    class Meta(SheetResource.Meta):
        model = Category
        fields = tuple(HEADERS)
        import_id_fields = ("code",)
        clean_model_instances = False  # the service judges the terms as a whole

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._departments = Departments()
        self._terms = Terms()
        self._seen: set[str] = set()
        self._actor: User | None = None

    def get_queryset(self) -> QuerySet[Category]:
        return current_categories().select_related("lead").prefetch_related("assisting")

    def cells(self, instance: Category) -> dict[str, str]:
        return cells_of(instance.code, terms_of(instance))

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self._actor = kwargs.get("user")
        super().before_import(dataset, **kwargs)

    def ordered(self, rows: list[tuple[int, dict[str, str]]]) -> list[tuple[int, dict[str, str]]]:
        """Groups before what stands below them, in whatever order the file has them."""
        for _line, row in rows:
            row["code"] = code_from(row["code"])
        return sorted(rows, key=lambda row: row[1]["code"])

    def import_instance(self, instance: Category, row: dict[str, str], **kwargs: Any) -> None:
        """Read what the row says; `instance` is the present version, or an empty one for a new code."""
        cells = {name: row[header] for name, (header, _english) in HEADERS.items() if header in row}
        code = cells["code"]
        try:
            if code in self._seen:
                raise Refused(_("This code stands in the file twice."), code="twice", field="code")
            base = terms_of(instance) if instance.pk else None
            terms = terms_from(cells, departments=self._departments, base=base)
            self._seen.add(code)
            self._terms, instance.code = checked(code, terms), code
        except Refused as refusal:
            raise ValidationError({column_of(refusal.field or "code"): refusal.message}) from refusal

    def skip_row(self, instance: Category, original: Category, row: Any, import_validation_errors: Any = None) -> bool:
        return bool(instance.pk) and not import_validation_errors and terms_of(instance) == self._terms

    def do_instance_save(self, instance: Category, is_create: bool) -> None:
        """`instance` becomes the version that holds from now on."""
        revised = revise_category(instance.code, terms=self._terms, actor=self._actor)
        instance.__dict__.clear()  # with what was prefetched of the old version
        instance.__dict__.update(revised.__dict__)
