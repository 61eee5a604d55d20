"""`push_reminders [--at "2026-11-22 10:05"]`: settle the hourly digest by hand; beat asks for the same each minute."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

import clock
from clock.written import read_moment
from dispatch.digest import FROM_MINUTE, push_reminders
from dispatch.models import OutboxMessage


class Command(BaseCommand):
    help = "Write the digests of an hour that are owed and not yet written. The worker sends them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", help='as if it were this moment, such as "2026-11-22 10:05" (default: now)')

    def handle(self, *args: Any, at: str | None, **options: Any) -> None:
        try:
            now = read_moment(at) if at else clock.now()
        except ValueError as error:
            raise CommandError(str(error)) from error
        local = timezone.localtime(now)
        if local.minute < FROM_MINUTE:
            self.stdout.write(
                f"At {local:%H:%M} nothing is owed yet: digests go out from minute :{FROM_MINUTE:02d} on."
            )
            return
        newest = OutboxMessage.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        settled = push_reminders(now)
        messages = OutboxMessage.objects.filter(pk__gt=newest, kind="digest").count()
        self.stdout.write(f"{local:%Y-%m-%d %H}:00: {settled} digest(s) settled, {messages} message(s) written.")
