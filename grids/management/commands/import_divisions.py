"""manage.py import_divisions CSV --district CODE [--dry-run]"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from grids import divisions
from grids.errors import TreeRefused


class Command(BaseCommand):
    help = "Add the streets and communities of a district from a CSV of statistical divisions; safe to run twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("csv", type=Path, help="columns: " + ", ".join(divisions.COLUMNS))
        parser.add_argument("--district", metavar="CODE", required=True, help="six digits, e.g. 330206")
        parser.add_argument("--dry-run", action="store_true", help="check and count only; write nothing")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = divisions.read_divisions(options["csv"], options["district"])
            summary = divisions.import_divisions(found, options["district"], actor=None)
        except OSError as error:
            raise CommandError(_("The file can't be read: %(why)s") % {"why": error}) from error
        except (divisions.BadDivisions, TreeRefused) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("Sub-districts: %(streets)d added, %(streets_there)d there. Communities: %(new)d added, %(there)d there.")
            % {
                "streets": summary.streets_added,
                "streets_there": summary.streets_there,
                "new": summary.communities_added,
                "there": summary.communities_there,
            }
        )
        if options["dry_run"]:
            transaction.set_rollback(True)
            self.stdout.write(_("Nothing was written (--dry-run)."))
