"""What this app puts into the configuration: the privacy notice by versions, and the feedback with its answers."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from accounts.known import known_user
from public.consent import publish_consent
from public.feedback import answer_feedback
from public.models import Consent, Feedback


@admin.register(Consent)
class ConsentAdmin(admin.ModelAdmin):
    """A new wording is a new version: rows are added, never changed."""

    list_display = ("version", "made_at", "made_by")
    fields = ("text", "text_en")

    def has_change_permission(self, request: HttpRequest, obj: Consent | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Consent | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Consent, form: ModelForm, change: bool) -> None:
        made = publish_consent(obj.text, obj.text_en, actor=known_user(request))
        obj.pk, obj.version, obj.made_at = made.pk, made.version, made.made_at


@admin.register(Feedback)
class FeedbackAdmin(admin.ModelAdmin):
    """What people say about the product; the answer is the one field to fill in."""

    list_display = ("sent_at", "kind", "text", "by", "answered_at")
    list_filter = ("kind", ("answered_at", admin.EmptyFieldListFilter))
    list_select_related = ("by",)
    fields = ("kind", "text", "by", "sent_at", "answer")
    readonly_fields = ("kind", "text", "by", "sent_at")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Feedback | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Feedback, form: ModelForm, change: bool) -> None:
        text: Any = form.cleaned_data.get("answer", "")
        if text:
            answer_feedback(obj, actor=known_user(request), text=text)
