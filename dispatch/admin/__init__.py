"""What this app puts into the configuration, one module a subject: each registers its own pages by being imported."""

from dispatch.admin import calendar, channels, close_out, deadlines, dispatch_rules, ladder, limits, supervision

__all__ = ["calendar", "channels", "close_out", "deadlines", "dispatch_rules", "ladder", "limits", "supervision"]
