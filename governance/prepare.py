"""Bring the database up to the code, in one process because importing Django twice costs more than the work.

`python -m governance.prepare FILE` applies what is not yet applied, seeds the demo district when the database is empty
and writes the demo accounts that exist as JSON to FILE, for whoever shows them at the terminal.
"""

import json
import os
import sys
from pathlib import Path

import django
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

# One account per role, as `seed_demo` makes them.
DEMO_ACCOUNTS = {
    "worker": ("网格员", "grid worker"),
    "leader": ("网格长", "grid leader"),
    "command": ("街道指挥室", "street command room"),
    "department": ("职能部门", "department"),
    "register": ("户籍台账管理员", "register keeper"),
    "district": ("区社会治理中心", "district centre"),
    "admin": ("系统管理员", "system administrator"),
    "auditor": ("审计员", "auditor"),
}


def main(accounts_file: Path) -> None:
    """Migrate, seed, and tell which demo accounts there are."""
    migrate()
    if settings.DEBUG:
        call_command("seed_demo", scale="small", if_empty=True)
    accounts_file.write_text(json.dumps(demo_accounts(), ensure_ascii=False, indent=1), encoding="utf-8")


def migrate() -> None:
    """Apply outstanding migrations. Asking first spares an up-to-date database the signals that follow a migration."""
    executor = MigrationExecutor(connection)
    if plan := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        sys.stdout.write(f"正在更新数据库，共 {len(plan)} 步 · bringing the database up to date, {len(plan)} steps\n")
        call_command("migrate", interactive=False, verbosity=0)


def demo_accounts() -> list[dict[str, str]]:
    """The demo accounts of this database with their roles in both languages; none in service."""
    if not settings.DEBUG:
        return []
    users = get_user_model().objects.filter(username__in=DEMO_ACCOUNTS, is_active=True)
    present = set(users.values_list("username", flat=True))
    return [
        {"username": username, "role": role, "role_en": role_en}
        for username, (role, role_en) in DEMO_ACCOUNTS.items()
        if username in present
    ]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "governance.settings")
    django.setup()
    main(Path(sys.argv[1]))
