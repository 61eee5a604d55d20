"""manage.py check_tree [--street CODE] [--repair]"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from grids import soundness
from grids.models import Kind, Unit


class Command(BaseCommand):
    help = "Check that every tree of units is sound; with --repair, rebuild the unsound ones. Exit code 1: unsound."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--street", metavar="CODE", help="only the street with this code")
        parser.add_argument("--repair", action="store_true", help="rebuild what is unsound, under the lock")

    def handle(self, *args: Any, **options: Any) -> None:
        street = self._street(options["street"]) if options["street"] else None
        found = soundness.findings(street)
        self._print(found)
        if found and options["repair"]:
            for repaired in soundness.repair(found):
                self.stdout.write(_("Rebuilt: %(code)s %(name)s") % {"code": repaired.code, "name": repaired.name})
            found = soundness.findings(street)
            self._print(found)
        if found:
            raise SystemExit(1)
        units = Unit.objects.filter(tree_id=street.pk) if street else Unit.objects.all()
        count = units.count()
        self.stdout.write(ngettext("Sound: %(count)d unit.", "Sound: %(count)d units.", count) % {"count": count})

    def _street(self, code: str) -> Unit:
        street = Unit.objects.filter(code=code, kind=Kind.STREET).first()
        if street is None:
            raise CommandError(_("There is no sub-district with the code %(code)s.") % {"code": code})
        return street

    def _print(self, found: list[soundness.Finding]) -> None:
        for finding in found:
            self.stdout.write(str(finding))
        if found:
            text = ngettext("Unsound: %(count)d finding.", "Unsound: %(count)d findings.", len(found))
            self.stdout.write(text % {"count": len(found)})
