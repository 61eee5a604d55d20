"""`set_up CSV --district CODE --admin USERNAME`: makes a migrated, empty database ready for service."""

import secrets
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

import clock
from accounts.models import User
from accounts.services import create_user
from governance.starting import load_starting_content
from grids.divisions import BadDivisions, import_divisions, read_divisions
from grids.models import District, Role
from grids.staffing import give_post


class Command(BaseCommand):
    help = (
        "Make a district ready for service: streets and communities from a CSV of divisions, the starting roles, "
        "departments, catalogue and limits, and the first system administrator. Safe to run again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("csv", type=Path, help="divisions: columns as in grids/catalogue/divisions")
        parser.add_argument("--district", required=True, metavar="CODE", help="six digits")
        parser.add_argument("--admin", required=True, metavar="USERNAME", help="account of the first administrator")
        parser.add_argument("--admin-name", default="系统管理员", help="the administrator's own name")

    @transaction.atomic
    def handle(self, *args: Any, csv: Path, district: str, admin: str, admin_name: str, **options: Any) -> None:
        try:
            import_divisions(read_divisions(csv, district), district, actor=None)
        except (OSError, BadDivisions) as error:
            raise CommandError(str(error)) from error
        loaded = load_starting_content()
        self.stdout.write(
            f"{loaded.roles} roles, {loaded.departments} departments, {loaded.tag_kinds} kinds of tags, "
            f"{loaded.categories} categories and {loaded.limits} limits were added."
        )
        self._appoint(admin, admin_name, District.objects.get(code=district))

    def _appoint(self, username: str, name: str, district: District) -> None:
        if User.objects.filter(username=username).exists():
            self.stdout.write(f"The account {username} is there already and stays as it is.")
            return
        password = secrets.token_urlsafe(12)
        try:
            user = create_user(username=username, name=name, password=password, actor=None)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        role = Role.objects.get(code="system_admin")
        give_post(user, role=role, place=district, starts_on=clock.today(), actor=None)
        self.stdout.write(f"First password of {username}, to be changed at the first log-in: {password}")
