from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TaggingConfig(AppConfig):
    name = "tagging"
    verbose_name = _("Suggestions")

    def ready(self) -> None:
        from incidents.likeness import set_finder
        from tagging import receivers
        from tagging.duplicates import likely_duplicates

        receivers.connect()
        set_finder(likely_duplicates)
