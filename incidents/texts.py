"""What people type, made safe to keep: no control characters, no endless text."""

import re
import unicodedata

from django.utils.translation import gettext as _

from accounts.errors import Refused

# C0 and C1 controls but tab and newline, and the marks that turn or hide text: a sentence must read as it is.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def clean_text(text: str, *, limit: int, field: str, required: bool = False) -> str:
    """`text` in composed form (NFC), without unseen characters and outer blanks.

    Raises `Refused` beside `field` when it is longer than `limit` characters, or empty though `required`.
    """
    cleaned = _UNSEEN.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n"))).strip()
    if required and not cleaned:
        raise Refused(_("Write at least a few words here."), code="empty", field=field)
    if len(cleaned) > limit:
        raise Refused(
            _("At most %(limit)d characters; this has %(length)d. Shorten it by %(over)d.")
            % {"limit": limit, "length": len(cleaned), "over": len(cleaned) - limit},
            code="too_long",
            field=field,
        )
    return cleaned
