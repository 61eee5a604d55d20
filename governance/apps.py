from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "governance"

    def ready(self) -> None:
        # Every process that hands work over, the web server and the commands too, must know which broker to give it to.
        from accounts.spreadsheets import SheetAdmin
        from governance import celery  # noqa: F401
        from households.loading.workbooks.formats import FORMATS

        # The screens stand below the loader and may not know it: here it is plugged into all of them.
        SheetAdmin.import_formats = FORMATS
