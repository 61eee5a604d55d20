"""Emergency and zone orders on pages."""

from collections.abc import Iterable

from django import template
from django.utils.translation import get_language

from grids.models import Unit, ZoneOrder
from grids.zones import named

register = template.Library()


@register.filter
def rules_said(order: ZoneOrder) -> str:
    """The rules of a zone in the reader's language, as far as they were written in it."""
    return order.rules_en if order.rules_en and (get_language() or "").startswith("en") else order.rules


@register.filter
def named_units(units: Iterable[Unit]) -> str:
    """The first few names and how many there are in all."""
    return named(list(units))
