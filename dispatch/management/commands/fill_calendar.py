"""`fill_calendar [--year 2027]`: national holidays and make-up working days; beat does it every day."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

import clock
from dispatch.calendar import fill_calendar


class Command(BaseCommand):
    help = "Fill the working calendar of a year with the national holidays. What was entered by hand stays."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--year", type=int, help="the year (default: this one)")

    def handle(self, *args: Any, **options: Any) -> None:
        year = options["year"] or clock.today().year
        done = fill_calendar(year)
        if not done.is_known:
            raise CommandError(
                f"The holidays of {year} are not known to this version. Update it, or enter them in the configuration."
            )
        figures = f"{done.added} added, {done.changed} changed, {done.removed} removed, {done.kept} kept as entered"
        self.stdout.write(f"{year}: {figures}")
