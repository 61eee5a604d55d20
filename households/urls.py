"""Addresses of the register, one module a subject."""

from django.urls import include, path

from households import urls_households, urls_registers

app_name = "households"
urlpatterns = [
    path("loads/", include("households.urls_loads")),
    *urls_households.urlpatterns,
    *urls_registers.urlpatterns,
]
