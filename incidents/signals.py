"""News from below for whoever stands above (`dispatch`)."""

from django.dispatch import Signal

incident_moved = Signal()
"""Sent inside the transaction after each act, with `change` (StatusChange). A receiver that fails undoes the act."""
