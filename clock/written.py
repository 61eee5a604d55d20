"""Moments as people write them on a command line."""

from datetime import datetime

from django.utils import timezone
from django.utils.dateparse import parse_datetime


def read_moment(text: str) -> datetime:
    """An aware moment from "2026-11-22 15:59", local unless it names a zone. Raises `ValueError` that says how."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None:
        raise ValueError(f'"{text}" is not a moment; write it like "2026-11-22 15:59".')
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
