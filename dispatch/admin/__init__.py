"""What this app puts into the configuration, one module a subject: each registers its own pages by being imported."""

from dispatch.admin import channels, close_out, deadlines, limits

__all__ = ["channels", "close_out", "deadlines", "limits"]
