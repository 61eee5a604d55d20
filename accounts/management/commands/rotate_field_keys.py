"""manage.py rotate_field_keys [--fingerprints]"""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import key_rotation
from accounts.sealing import first_key_id


class Command(BaseCommand):
    help = (
        "Seal personal fields with the first key of FIELD_KEYS. With --fingerprints, and with the product stopped, make"
        " the fingerprints with it too; afterwards the old keys may go."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--fingerprints", action="store_true", help="also make the fingerprints with the first key")

    def handle(self, *args: Any, **options: Any) -> None:
        count = key_rotation.reseal(self._say)
        said = ngettext("Sealed anew: %(count)d row.", "Sealed anew: %(count)d rows.", count)
        self.stdout.write(said % {"count": count})
        if options["fingerprints"]:
            count = key_rotation.remake_fingerprints(self._say)
            said = ngettext("Made anew: %(count)d fingerprint.", "Made anew: %(count)d fingerprints.", count)
            self.stdout.write(said % {"count": count})
        for key_id, values in sorted(key_rotation.count_by_key().items()):
            mark = _("seals today") if key_id == first_key_id() else _("still needed")
            self.stdout.write(f"{key_id}: {values} ({mark})")

    def _say(self, column: str, done: int) -> None:
        self.stderr.write(f"{column}: +{done}")
