"""`load_defaults`: the content that every deployment starts with. Safe to run again: what is there stays as it is."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from dispatch.limits import load_default_rules
from grids.catalogue import load_departments, load_roles
from incidents.services.catalogue import load_categories


class Command(BaseCommand):
    help = "Load roles, departments, the catalogue and the time limits where they are missing."

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        # In this order: the catalogue names departments.
        loaders = (load_roles, load_departments, load_categories, load_default_rules)
        names = ("roles", "departments", "categories", "time limits")
        for name, load in zip(names, loaders, strict=True):
            self.stdout.write(f"{name}: {load()} added")
