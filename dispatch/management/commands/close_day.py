"""`close_day [--date 2026-11-22]`: freeze a day by hand; beat asks each minute which days are owed."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

import clock
from dispatch.close_out import NotYet, close_day, still_open


class Command(BaseCommand):
    help = "Freeze the close-out of a day for every street that has none yet. Nothing that is frozen changes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--date", help="the day, such as 2026-11-22 (default: today)")

    def handle(self, *args: Any, **options: Any) -> None:
        day = _day(options["date"])
        try:
            closings = close_day(day)
        except NotYet as error:
            raise CommandError(f"{day} isn't over yet: its close-out lies in the future.") from error
        for closing in closings:
            figures = f"due {closing.due}, in time {closing.due_closed}, open {closing.open}, late {closing.late}"
            self.stdout.write(f"{day} {closing.street.name}: {figures}")
        if left := still_open(day):
            raise CommandError(f"{day} could not be closed for {', '.join(left)}; the log says why.")
        if not closings:
            self.stdout.write(f"{day} is closed for every street already.")


def _day(text: str | None) -> date:
    if text is None:
        return clock.today()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f'"{text}" is not a day; write it like 2026-11-22.') from error
