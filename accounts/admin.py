"""Accounts in the configuration: made with a first password, unlocked, switched off, never deleted."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters

from accounts import services
from accounts.forms import FirstPasswordForm, NewUserForm
from accounts.known import known_user
from accounts.models import User


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ("username", "name", "phone", "is_active", "must_change_password", "last_login")
    list_filter = ("is_active", "must_change_password")
    search_fields = ("username", "name", "phone")
    ordering = ("username",)
    fields = (
        *("username", "name", "phone", "language", "theme", "large_type"),
        *("is_active", "must_change_password", "last_login"),
    )
    readonly_fields = ("must_change_password", "last_login")
    change_form_template = "admin/accounts/user/change_form.html"
    actions = ("unlock",)

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        return self.fields if obj else ("username", "name", "phone", "language", "password")

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **kwargs, **({} if obj else {"form": NewUserForm}))

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Nobody shuts themselves out."""
        own = ("is_active",) if obj and obj.pk == request.user.pk else ()
        return (*self.readonly_fields, *own) if obj else ()

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Whoever set the machine up stands above the configuration, and isn't taken over from within it."""
        if obj is not None and obj.is_superuser and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False  # history names the account for good

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm, change: bool) -> None:
        if change:
            obj.save(update_fields=[name for name in form.changed_data if name in self.fields])
            return
        made = services.create_user(
            username=obj.username,
            name=obj.name,
            phone=obj.phone,
            language=obj.language,
            password=form.cleaned_data["password"],
            actor=known_user(request),
        )
        obj.__dict__.update(made.__dict__)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.first_password)
        return [path("<int:pk>/password/", view, name="accounts_user_first_password"), *super().get_urls()]

    @method_decorator(sensitive_post_parameters())
    def first_password(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A new first password for somebody who forgot theirs; it unlocks the account too."""
        user = get_object_or_404(User, pk=pk)
        if not self.has_change_permission(request, user):
            raise PermissionDenied
        form = FirstPasswordForm(request.POST or None, user=user, actor=known_user(request))
        if request.method == "POST" and form.is_valid() and form.save():
            self.log_change(request, user, _("First password set."))
            messages.success(request, _("Tell the password to its owner; it must be changed at the next log-in."))
            return redirect("admin:accounts_user_change", pk)
        context = {**self.admin_site.each_context(request), "opts": self.opts, "original": user, "form": form}
        context["title"] = _("First password")
        return render(request, "admin/accounts/user/first_password.html", context)

    @admin.action(description=gettext_lazy("Unlock after wrong passwords"), permissions=["change"])
    def unlock(self, request: HttpRequest, users: QuerySet[User]) -> None:
        for user in users:
            services.unlock(user)
            self.log_change(request, user, _("Unlocked."))
        messages.success(request, _("Unlocked."))
