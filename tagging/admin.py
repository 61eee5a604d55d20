"""The dictionary in the configuration. Trainings are read on the model card."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.errors import Refused
from accounts.known import known_user
from accounts.spreadsheets import SheetAdmin
from incidents.models import Category
from tagging.models import Word
from tagging.resources import WordResource
from tagging.words import Edit, checked


class WordForm(forms.ModelForm):
    class Meta:
        model = Word
        fields = ("category_code", "text", "weight")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            code, text = (data.get(name) or getattr(self.instance, name) for name in ("category_code", "text"))
            try:
                data["text"] = checked(code, text, data["weight"])
            except Refused as refusal:
                self.add_error(refusal.field if refusal.field in self.fields else None, refusal.message)
        return data


class CountsFilter(admin.SimpleListFilter):
    """What counts now, unless somebody asks for what counted once."""

    title = _("validity")
    parameter_name = "ended"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("1", _("Taken out or replaced")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Any:
        for choice in super().choices(changelist):
            yield choice | {"display": _("Valid now")} if choice["query_string"] == "?" else choice

    def queryset(self, request: HttpRequest, queryset: QuerySet[Word]) -> QuerySet[Word]:
        return queryset if self.value() == "all" else queryset.filter(until__isnull=self.value() != "1")


@admin.register(Word)
class WordAdmin(SheetAdmin):
    """Saving makes a new version of the dictionary; suggestions that were made keep theirs."""

    resource_classes = (WordResource,)
    form = WordForm
    list_display = ("category_code", "category_name", "text", "weight", "since", "until")
    list_display_links = ("text",)
    list_filter = (CountsFilter, "weight")
    list_select_related = ("since", "until")
    search_fields = ("=category_code", "text")
    ordering = ("category_code", "-weight", "text")

    def get_readonly_fields(self, request: HttpRequest, obj: Word | None = None) -> Any:
        return ("category_code", "text") if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: Word | None = None) -> bool:
        """What once counted stays as it was."""
        return super().has_change_permission(request, obj) and (obj is None or obj.until_id is None)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Word]:
        entries = Category.objects.filter(code=OuterRef("category_code"), ended_at=None)
        return super().get_queryset(request).annotate(named=Subquery(entries.values("name")[:1]))

    @admin.display(description=_("category"))
    def category_name(self, word: Any) -> str:
        return word.named or ""

    def save_model(self, request: HttpRequest, obj: Word, form: WordForm, change: bool) -> None:
        code, text = obj.category_code, obj.text
        with transaction.atomic():
            written = Edit(actor=known_user(request)).set_word(code, text, form.cleaned_data["weight"])
        obj.__dict__.clear()  # the page goes on with the row that counts now
        obj.__dict__.update(written.__dict__)

    def delete_model(self, request: HttpRequest, obj: Word) -> None:
        """Taken out from the next version on; the row stays for the suggestions that went by it."""
        with transaction.atomic():
            Edit(actor=known_user(request)).end_word(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Word]) -> None:
        with transaction.atomic():
            edit = Edit(actor=known_user(request))
            for word in queryset:
                edit.end_word(word)
