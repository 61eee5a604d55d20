"""Addresses of the register, one module a subject."""

from django.urls import include, path
from django.views.generic import RedirectView

from households import urls_households, urls_registers

app_name = "households"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="households:list"), name="front"),
    path("loads/", include("households.urls_loads")),
    *urls_households.urlpatterns,
    *urls_registers.urlpatterns,
]
