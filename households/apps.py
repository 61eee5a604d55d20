from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HouseholdsConfig(AppConfig):
    name = "households"
    verbose_name = _("Register")

    def ready(self) -> None:
        from households import receivers

        receivers.connect()
