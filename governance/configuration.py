"""The configuration pages: Django's admin, entered by ability and through the product's own log-in page."""

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from governance.permissions import may_enter


class ConfigurationSite(AdminSite):
    site_header = _("Weige configuration")
    site_title = _("Weige configuration")
    index_title = _("What is configured here")
    # The front door would lead an administrator straight back here.
    site_url = "/more/"

    def has_permission(self, request: HttpRequest) -> bool:
        return may_enter(request.user)

    def login(self, request: HttpRequest, extra_context: object = None) -> HttpResponse:
        """Django sends everybody here who may not enter: strangers log in, all others are told so."""
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next", reverse("admin:index")))

    def password_change(  # type: ignore[override]  # Django's own answers with a page
        self, request: HttpRequest, extra_context: object = None
    ) -> HttpResponse:
        return redirect("accounts:password")
