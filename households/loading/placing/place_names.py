"""Names of places, reduced to what tells them apart: 第3网格, 三网格, 3号网格 and 网格3 are one grid. Pure.

A name has several keys, the strictest first; a text of the file means a unit when the two share a key. Both sides are
reduced in the same way, so nothing is lost when a reduction is bolder than the language would allow.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from grids.models import Kind
from households.loading.cleaning.addresses import number_of

_PUNCTUATION = re.compile(r"[\s·.,,、。;:“”\"'’‘<>《》()\[\]【】/\\_]+")
_NUMERAL = re.compile(
    "[〇零一二两三四五六七八九十百]+(?=(?:号|村民小|居民小|生产|小|微)?(?:网格|组|队|幢|栋|座|楼|单元|片|区|$))"
)
_LETTERED_LAST = re.compile("(?<=网格)[〇零一二两三四五六七八九十百]+")
_ORDINAL = re.compile(r"第(?=\d)")
_LEADING_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_RANGE = re.compile(r"(\d{1,3})(?:号楼|[幢栋座组号#])?[-~—–至到](\d{1,3})(?=(?:号楼|[幢栋座组号#]))")
_MOST_IN_A_RANGE = 100
# The same thing in the words of different offices.
_WORDS = (
    (re.compile(r"(?<=\d)(?:村民小组|居民小组|生产队|小组|小队|队)"), "组"),
    (re.compile(r"(?<=[0-9a-z])(?:号楼|#楼|楼栋|[栋座#])"), "幢"),
    (re.compile(r"(?<=\d)号(?=微?网格)"), ""),
    (re.compile(r"^(微?网格)(\d+)号?$"), r"\2\1"),
    (re.compile(r"微格$"), "微网格"),
)
_COMMUNITY_WORDS = re.compile(
    r"(?:(?:社区)?居民委员会|(?:社区)?居委会|村民委员会|村委会|股份经济合作社|经济合作社|行政村|社区|村)$"
)
_WORDS_OF: dict[str, re.Pattern[str]] = {
    Kind.COMMUNITY: _COMMUNITY_WORDS,
    Kind.GRID: re.compile(r"(?:综合|基础|专属|普通)?网格$"),
    Kind.MICRO_GRID: re.compile(r"(?:微网格|网格|片区)$"),
}


@lru_cache(maxsize=65_536)
def plain(name: str) -> str:
    """The name without punctuation, with digits for numerals that count, in one spelling of each word."""
    text = _PUNCTUATION.sub("", unicodedata.normalize("NFKC", name).lower())
    text = _NUMERAL.sub(lambda found: str(number_of(found[0])), text)
    text = _LETTERED_LAST.sub(lambda found: str(number_of(found[0])), text)
    text = _LEADING_ZEROS.sub("", _ORDINAL.sub("", text))
    for pattern, word in _WORDS:
        text = pattern.sub(word, text)
    return text


def without_words(name: str, kind: str) -> str:
    """The plain name without the words that only say what it is: 高田王 of 高田王村村民委员会, 3 of 第三网格."""
    text = plain(name)
    pattern = _WORDS_OF[kind]
    while (shorter := pattern.sub("", text)) not in ("", text):
        text = shorter
    return text


def keys_of(name: str, kind: str, above: Iterable[str] = ()) -> list[str]:
    """The keys of a name, the strictest first. `above` are the names of what it lies in, which may be said again."""
    keys = [plain(name), without_words(name, kind)]
    for outer in above:
        core = without_words(outer, Kind.COMMUNITY)
        for key in tuple(keys):
            for said in (plain(outer), core):
                rest = key.removeprefix(said).removeprefix("村") if len(said) > 1 else key
                if rest and rest != key:
                    keys += [rest, without_words(rest, kind)]
    return list(dict.fromkeys(keys))


def members_of(name: str) -> list[str]:
    """What a name with a range holds: 1幢, 2幢 and 3幢 of “1-3幢”; nothing for other names."""
    text = unicodedata.normalize("NFKC", name)
    found = _RANGE.search(text)
    if not found:
        return []
    first, last = int(found[1]), int(found[2])
    if not 0 < last - first <= _MOST_IN_A_RANGE:
        return []
    before, after = text[: found.start()], text[found.end() :]
    return [f"{before}{number}{after}" for number in range(first, last + 1)]
