"""QR codes as drawings within the page: no file, no other host, sharp on paper."""

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe


def svg(text: str, *, label: str) -> SafeString:
    """`text` as an SVG that is as large as its box; `label` says to a screen reader where it leads.

    Correction level Q: a quarter of the sheet may be torn or dirty.
    """
    drawn = segno.make(text, error="q", micro=False).svg_inline(
        border=4, omitsize=True, svgclass="qr", lineclass=None, light="#fff", title=label
    )
    return mark_safe(drawn)


def address(name: str, *args: object) -> str:
    """The full address of a page, as printed on paper: where people reach this deployment, not where it runs."""
    return settings.SITE_URL + reverse(name, args=args)
