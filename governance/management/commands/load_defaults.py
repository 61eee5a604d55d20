"""`load_defaults`: the content that every deployment starts with. Safe to run again: what is there stays as it is."""

from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from governance.starting import load_starting_content


class Command(BaseCommand):
    help = "Load roles, departments, kinds of tags, the catalogue and the time limits where they are missing."

    def handle(self, *args: Any, **options: Any) -> None:
        for what, added in asdict(load_starting_content()).items():
            self.stdout.write(f"{what}: {added} added")
