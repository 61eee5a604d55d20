"""`seed_demo [--scale small|street|city] [--if-empty]`: builds the demonstration district in an empty database."""

import os
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import translation

from governance.demo import district, staff
from governance.demo.scales import SCALES


class Command(BaseCommand):
    help = (
        "Build a believable district in an empty database: real streets and communities, invented grids, people, staff "
        "and three weeks of incidents. Safe to run twice: a database that holds a district is left as it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", choices=SCALES, default="small", help="how large (default: small)")
        parser.add_argument("--if-empty", action="store_true", help="say nothing when there is a district already")

    def handle(self, *args: Any, scale: str, if_empty: bool, **options: Any) -> None:
        if if_empty and not district.is_empty():
            return
        if not settings.TRIAL:
            raise CommandError("Demo accounts are for trial installations (TRIAL=1); refused in service.")
        password = os.environ.get("DEMO_PASSWORD", "")
        if not password:
            raise CommandError("Set DEMO_PASSWORD: the demo accounts need a password (script/server makes one).")
        began = time.monotonic()
        built = district.build(SCALES[scale], password=password, say=lambda text: self.stdout.write(f"  {text} …"))
        if built is None:
            self.stdout.write("There is a district already: nothing was changed.")
            return
        self.stdout.write(
            f"{built.communities} communities, {built.households:,} households, {built.residents:,} residents, "
            f"{built.incidents} incidents in {time.monotonic() - began:.1f} s"
        )
        if options["verbosity"]:
            self._show_accounts(password)

    def _show_accounts(self, password: str) -> None:
        self.stdout.write(f"Accounts (password {password}):")
        for account in staff.ACCOUNTS:
            with translation.override("zh-hans"):
                chinese = str(account.shows)
            with translation.override("en"):
                self.stdout.write(f"  {account.username:<11} {chinese} · {account.shows}")
