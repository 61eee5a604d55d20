from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicConfig(AppConfig):
    name = "public"
    verbose_name = _("Residents' pages")

    def ready(self) -> None:
        from public import acts, waiting

        acts.connect()
        waiting.connect()
