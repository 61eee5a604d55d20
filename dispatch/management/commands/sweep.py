"""`sweep`: find run-out clocks by hand; beat does it each minute."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from dispatch.sweep import sweep


class Command(BaseCommand):
    help = "Mark the clocks that have run out and resume what was suspended until now."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(", ".join(f"{what} {count}" for what, count in asdict(sweep()).items()))
