"""The dictionary as Excel or CSV: one row a word, written through the same door. A whole file makes one version."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from import_export.fields import Field

from accounts.errors import Refused
from accounts.spreadsheets import SheetResource
from tagging.models import Word
from tagging.words import Edit, checked, current_words

TAKEN_OUT = 0
"""As a weight in a file: the word speaks for the category no longer."""


class WordResource(SheetResource):
    """The words that count now. A row that says something new replaces the word's row; weight 0 takes it out."""

    HEADERS = {
        "category_code": ("类别编码", "Category code"),
        "text": ("词语", "Word"),
        "weight": ("权重", "Weight"),
    }
    NEEDED = ("category_code", "text", "weight")

    category_code = Field(attribute="category_code")
    text = Field(attribute="text")
    weight = Field(attribute="weight")

    class Meta(SheetResource.Meta):
        model = Word
        fields = ("category_code", "text", "weight")
        import_id_fields = ("category_code", "text")
        clean_model_instances = False  # the door judges the word

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._edit = Edit(actor=None)
        self._wanted: tuple[str, str, int] = ("", "", TAKEN_OUT)

    def get_queryset(self) -> QuerySet[Word]:
        return current_words()

    def before_import(self, dataset: Any, **kwargs: Any) -> None:
        self._edit = Edit(actor=kwargs.get("user"))
        super().before_import(dataset, **kwargs)

    def import_instance(self, instance: Word, row: dict[str, str], **kwargs: Any) -> None:
        """Read what the row says; `instance` is the present word, or an empty one for a new word."""
        code, text, cell = (row[self.HEADERS[name][0]] for name in self.HEADERS)
        try:
            weight = int(cell) if cell in {"0", "1", "2", "3"} else -1
            text = checked(code, text, weight or 1)
        except Refused as refusal:
            raise ValidationError({refusal.field or "text": refusal.message}) from refusal
        self._wanted = (code, text, weight)
        if not instance.pk:
            instance.category_code, instance.text = code, text

    def skip_row(self, instance: Word, original: Word, row: Any, import_validation_errors: Any = None) -> bool:
        if import_validation_errors:
            return False
        weight = self._wanted[2]
        return instance.weight == weight if instance.pk else weight == TAKEN_OUT

    def do_instance_save(self, instance: Word, is_create: bool) -> None:
        """`instance` becomes the row that counts from now on."""
        code, text, weight = self._wanted
        if weight == TAKEN_OUT:
            self._edit.end_word(instance)
            instance.weight = TAKEN_OUT  # for the page that shows what was done; the row itself keeps its weight
            return
        written = self._edit.set_word(code, text, weight)
        instance.__dict__.clear()
        instance.__dict__.update(written.__dict__)
