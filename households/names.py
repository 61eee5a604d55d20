"""Names as they are searched for: by the first letters of their pinyin (zs finds 张三)."""

import re
import unicodedata
from functools import cache, lru_cache

LONGEST = 60

# Surnames that begin with another sound than the same character elsewhere: 单 is Shàn in a surname, dān otherwise.
_SURNAMES = {
    "单": "s", "曾": "z", "解": "x", "仇": "q", "查": "z", "区": "o", "乐": "y", "覃": "q", "翟": "z", "折": "s",
    "种": "c", "重": "c", "秘": "b", "繁": "p", "召": "s", "句": "g", "祭": "z", "佴": "n", "么": "y", "乜": "n",
    "藏": "z", "阚": "k", "不": "f", "会": "g", "适": "k", "郇": "x",
}  # fmt: skip
_COMPOUND_SURNAMES = {"尉迟": "yc", "单于": "cy", "澹台": "tt", "万俟": "mq", "乐正": "yz", "子车": "zj"}

_FIRST_IDEOGRAPH = "\u3400"
_IDEOGRAPH = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_IDEOGRAPH}]|[^\W\d_{_IDEOGRAPH}]+")


def initials(name: str) -> str:
    """The first letters of a name in lower case: zs for 张三, akbemmt for 艾克拜尔·买买提, za for Zhang An.

    Every ideograph gives a letter, every word in letters gives one; dots, spaces and digits give none.
    """
    if name[:1] < _FIRST_IDEOGRAPH:
        return _letters(name)
    if name[:2] in _COMPOUND_SURNAMES:
        return _COMPOUND_SURNAMES[name[:2]] + _letters(name[2:])
    return _surname(name[0]) + _letters(name[1:])


@cache
def _surname(char: str) -> str:
    return _SURNAMES.get(char) or _letters(char)


@lru_cache(maxsize=100_000)
def _letters(part: str) -> str:
    """The letters of a part of a name. Given names repeat: a street of 200,000 people has some 30,000 of them."""
    base = "".join(char for char in unicodedata.normalize("NFKD", part) if not unicodedata.combining(char))
    return "".join(_letter(word[0]) for word in _WORD.findall(base))[: LONGEST - 2]


@cache
def _letter(char: str) -> str:
    # Imported when first needed: its dictionaries take 0.3 s and 40 MB, and most processes read no name.
    from pypinyin import Style, lazy_pinyin

    spelled = lazy_pinyin(char, style=Style.FIRST_LETTER, errors="ignore")
    return spelled[0] if spelled else "" if char >= _FIRST_IDEOGRAPH else char.lower()
