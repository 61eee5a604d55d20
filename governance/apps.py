from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "governance"

    def ready(self) -> None:
        # Every process that hands work over, the web server and the commands too, must know which broker to give it to.
        from governance import celery  # noqa: F401
