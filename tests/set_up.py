"""Imported by the process that those of `tests.at_once` are forked from: Django, and what they work with."""

import os

import django

os.environ["DJANGO_SETTINGS_MODULE"] = "governance.settings"
django.setup()

import households.loading.runs  # noqa: E402
import households.services  # noqa: E402, F401
