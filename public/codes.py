"""The short codes on the sheets and slips: random, easy to read out, forgiving to type. Pure: no database.

The alphabet is Crockford's base 32: digits and capitals without I, L, O and U, so that nothing on a poster looks like
something else. Nine characters are 45 bits: with a code known for each of 10,000 places, a guess hits one in 3.5
billion times, and whoever guesses is slowed down (`public.throttle`).
"""

import secrets
import unicodedata
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PLACE_LENGTH: Final = 9
SECRET_LENGTH: Final = 8
"""Of the secret that goes with a number: 40 bits, and only ten tries an hour for one number."""
_MISREAD: Final = str.maketrans({"I": "1", "L": "1", "O": "0"})


def new_code(length: int = PLACE_LENGTH) -> str:
    """A random code from the system's own source of secrets."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def read_code(text: str, length: int = PLACE_LENGTH) -> str:
    """What somebody typed as a code of that length, or nothing when it can't be one.

    Small and full-width letters, blanks and hyphens are fine; I, L and O are read as 1, 1 and 0.
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", text).upper() if sign.isalnum())
    code = plain.translate(_MISREAD)
    return code if len(code) == length and set(code) <= set(ALPHABET) else ""


def shown(code: str) -> str:
    """The code in groups of three or four, as it is printed: `7KM-2QX-9RT`."""
    size = 3 if len(code) % 3 == 0 else 4
    return "-".join(code[start : start + size] for start in range(0, len(code), size))
