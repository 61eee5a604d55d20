"""`prepare FILE`: brings the database up to the code before the processes of a trial installation start.

One command instead of two, because importing Django twice costs more than the work itself.
"""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import translation

from accounts.models import User
from governance.demo.staff import ACCOUNTS


class Command(BaseCommand):
    help = (
        "Apply outstanding migrations, seed the demo district when the database is empty (TRIAL=1 only), and write "
        "the demo accounts that exist to FILE as JSON, for whoever shows them at the terminal."
    )
    requires_system_checks = []  # the web server runs them a moment later

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        self._migrate()
        if settings.TRIAL:
            # Quiet about the accounts: the supervisor shows them once everything answers.
            call_command("seed_demo", scale="small", if_empty=True, verbosity=0, stdout=self.stdout)
        file.write_text(json.dumps(demo_accounts(), ensure_ascii=False, indent=1), encoding="utf-8")

    def _migrate(self) -> None:
        """Asking first spares a database that is up to date the signals that follow every migration."""
        executor = MigrationExecutor(connection)
        if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write(
                f"正在更新数据库，共 {len(plan)} 步 · bringing the database up to date, {len(plan)} steps"
            )
            call_command("migrate", interactive=False, verbosity=0)


def demo_accounts() -> list[dict[str, str]]:
    """The demo accounts of this database and what each one shows, in both languages; none in service."""
    if not settings.TRIAL:
        return []
    users = User.objects.filter(username__in=[account.username for account in ACCOUNTS], is_active=True)
    present = set(users.values_list("username", flat=True))
    return [
        {"username": account.username, "shows": _in("zh-hans", account.shows), "shows_en": _in("en", account.shows)}
        for account in ACCOUNTS
        if account.username in present
    ]


def _in(language: str, text: object) -> str:
    with translation.override(language):
        return str(text)
