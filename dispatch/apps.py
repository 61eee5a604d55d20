from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DispatchConfig(AppConfig):
    name = "dispatch"
    verbose_name = _("Clocks and messages")

    def ready(self) -> None:
        from dispatch import dispatch_rules, extension_acts, ladder_acts, receivers
        from dispatch.live import receivers as live_receivers
        from incidents.proposals import add_proposer

        receivers.connect()
        live_receivers.connect()
        ladder_acts.connect()
        extension_acts.connect()
        add_proposer(dispatch_rules.propose)
