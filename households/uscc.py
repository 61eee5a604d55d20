"""The unified social credit code of organisations (GB 32100-2015)."""

from typing import Final

from django.utils.translation import gettext as _

_SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
_LENGTH: Final = 18


def clean_uscc(text: str) -> str:
    """The code as it is kept: capitals, no blanks or hyphens, full-width signs as plain ones."""
    plain = "".join(chr(ord(sign) - 0xFEE0) if "！" <= sign <= "～" else sign for sign in text)
    return "".join(sign for sign in plain.upper() if not sign.isspace() and sign != "-")


def doubts_about(code: str) -> str:
    """What is odd about a code, in one sentence; "" for none. It only ever warns.

    Small shops have no code, and codes issued before the standard was kept everywhere don't pass its check.
    """
    if not code:
        return ""
    if len(code) != _LENGTH:
        return _("A unified social credit code has 18 characters; this one has %(count)d.") % {"count": len(code)}
    if unknown := sorted(set(code) - set(_SIGNS)):
        return _("A unified social credit code never has %(signs)s.") % {"signs": " ".join(unknown)}
    if check_sign(code[:17]) != code[17]:
        return _("The last character of the code doesn't fit the others. Check it against the licence.")
    return ""


def check_sign(first_17: str) -> str:
    """The eighteenth character that belongs to these seventeen."""
    total = sum(_SIGNS.index(sign) * weight for sign, weight in zip(first_17, _WEIGHTS, strict=True))
    return _SIGNS[-total % 31]
