"""Addresses of the register, one module a subject."""

from households import urls_registers

app_name = "households"
urlpatterns = [
    *urls_registers.urlpatterns,
]
