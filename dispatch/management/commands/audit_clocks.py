"""`audit_clocks [--json]`: look at the clocks now; exits with 1 when something stands that is not well."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from dispatch.audit.audit import audit
from dispatch.models import ClockAudit


class Command(BaseCommand):
    help = "Check every rule of the clocks, put right what is safe, and say what stands. Beat does so once an hour."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one object on stdout, for a program")

    def handle(self, *args: Any, **options: Any) -> None:
        seen, is_kept = audit()
        self.stdout.write(json.dumps(_as_json(seen, is_kept)) if options["json"] else _as_text(seen))
        if not seen.is_well:
            sys.exit(1)


def _as_json(seen: ClockAudit, is_kept: bool) -> dict[str, Any]:
    return {
        "is_well": seen.is_well,
        "ran_at": seen.ran_at.isoformat(),
        "findings": seen.findings,
        "repairs": seen.repairs,
        "milliseconds": seen.milliseconds,
        "is_kept": is_kept,
    }


def _as_text(seen: ClockAudit) -> str:
    at = f"{timezone.localtime(seen.ran_at):%Y-%m-%d %H:%M:%S}"
    lines = [f"{at}: {'all is well' if seen.is_well else 'not well'} ({seen.milliseconds} ms)"]
    for word, found in (("put right", seen.repairs), ("stands", seen.findings)):
        lines += [f"  {word}: {each['check']} {each['count']} ({', '.join(each['examples'])})" for each in found]
    return "\n".join(lines)
