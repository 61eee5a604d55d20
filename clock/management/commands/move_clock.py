"""`move_clock --to "2026-11-22 15:59"` or `--back`: moves a trial installation's clock for all its processes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

import clock
from clock.written import read_moment


class Command(BaseCommand):
    help = "Move the clock of a trial installation, so that beat does what that hour asks of it. Refused in service."

    def add_arguments(self, parser: CommandParser) -> None:
        way = parser.add_mutually_exclusive_group(required=True)
        way.add_argument("--to", help='a moment such as "2026-11-22 15:59", in the local time zone unless it names one')
        way.add_argument("--back", action="store_true", help="return to the real time")

    def handle(self, *args: Any, to: str | None, back: bool, **options: Any) -> None:
        try:
            clock.move_to(None if back else read_moment(to or ""))
        except (PermissionError, ValueError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"The clock says {timezone.localtime(clock.now()):%Y-%m-%d %H:%M:%S}.")
