"""In a module of its own: Django takes every app configuration that it finds in `apps.py` for one of that app."""

from django.contrib.admin.apps import AdminConfig


class ConfigurationConfig(AdminConfig):
    """Django's admin with our own site, so that every app registers its pages as usual."""

    default_site = "governance.configuration.ConfigurationSite"
