from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DispatchConfig(AppConfig):
    name = "dispatch"
    verbose_name = _("Clocks and messages")

    def ready(self) -> None:
        from dispatch import receivers

        receivers.connect()
