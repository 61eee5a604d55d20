"""What a header says: which field, whose it is, and how surely. By its words alone; `columns` asks the cells too.

A header is read as owner + kind. "监护人电话" is a phone, but the guardian's; "户主姓名" is the head's name; "居民姓名"
the resident's own. An owner that isn't known counts as a stranger: better a column left out than a stranger's number.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from households.loading.fields import HOUSEHOLD_FIELDS, Field
from households.loading.recognition import spellings

PROBLEM_HEADERS = ("问题", "Problem")
"""Over the column that an error workbook adds. Such a column is never read: the mended file loads as it is."""


class Owner(StrEnum):
    """Whose fact a column holds. SUBJECT: of those whom the list is about, if it is about them (老人, 学生)."""

    OWN = "own"
    SUBJECT = "subject"
    HEAD = "head"
    LANDLORD = "landlord"
    OTHER = "other"


class Tier(StrEnum):
    """How a name competes with other names of the same field."""

    FIRST = "first"
    SECOND = "second"
    ESTATE = "estate"


@dataclass(frozen=True, slots=True)
class Named:
    """What the words say. Exactly one of `field`, `choices` and `is_foreign` is set, or none: unknown.

    `choices` are the fields among which the cells decide. `rank` is the preference within the field, 0 first, and
    `spelling` the one of the vocabulary.
    """

    field: str = ""
    spelling: str = ""
    sureness: float = 0.0
    rank: int = 0
    tier: Tier = Tier.FIRST
    owner: Owner = Owner.OWN
    subject: str = ""
    member: int = 0
    choices: tuple[Field, ...] = ()
    is_foreign: bool = False

    @property
    def is_known(self) -> bool:
        return bool(self.field or self.choices or self.is_foreign)


UNKNOWN = Named()
FOREIGN = Named(is_foreign=True)
OF_SOMEBODY_ELSE = Named(is_foreign=True, owner=Owner.OTHER)

EXACT, STRIPPED, SECOND, PART = 0.9, 0.8, 0.65, 0.65
HAN_NUMBERS = {han: number for number, han in enumerate("一二三四五六七八九十", start=1)}
PUNCTUATION = re.compile(r"[/、,;|\-_.·:+&\\~—()\[\]]+")
MARKS = re.compile(r"[\s\u200b\ufeff*★☆※#^'\"`“”‘’<>《》?!]+")
BRACKETS = re.compile(
    r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^【】]*)】|\{([^{}]*)\}|〔([^〔〕]*)〕|\(([^()]*)$|【([^【】]*)$"
)
NUMBERING = re.compile(r"^(?:\(?\d{1,3}\)|\d{1,3}[.、:]|[一二三四五六七八九十]{1,3}[、.:])")
COUNT = r"第?([一二三四五六七八九十]|\d{1,2})号?"
JUST_A_COUNT = re.compile(COUNT)
SPELLED_OUT = re.compile(r"[与和同]户主的?关系|性别\d?男\d?女")
EXAMPLE = re.compile(r"[,;。]?(?:例如|如|例|示例|格式|注)[::].*$")
LEADING_COUNT = re.compile(r"^\d{1,3}(?=[一-鿿a-z])")


def _words(text: str) -> list[str]:
    return text.split()


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


def _vocabulary() -> dict[str, Named]:
    named: dict[str, Named] = {}
    for tier, sureness, table in (
        (Tier.FIRST, EXACT, spellings.SPELLINGS),
        (Tier.SECOND, SECOND, spellings.SECOND_CHOICE),
    ):
        for field, listed in table.items():
            for rank, spelling in enumerate(_words(listed)):
                named.setdefault(spelling, Named(field, spelling, sureness, rank, tier))
    for rank, spelling in enumerate(_words(spellings.ESTATES)):
        named.setdefault(spelling, Named(Field.ADDRESS, spelling, PART, rank, Tier.ESTATE))
    for spelling, choices in spellings.BY_CONTENT.items():
        named.setdefault(spelling, Named(choices=choices, spelling=spelling))
    for spelling in PROBLEM_HEADERS:
        named[spelling.lower()] = FOREIGN
    return named


VOCABULARY = _vocabulary()
OWNERS: dict[str, Owner] = {
    word: owner
    for owner, listed in (
        (Owner.OWN, spellings.OWN_WORDS),
        (Owner.SUBJECT, spellings.SUBJECTS),
        (Owner.OTHER, spellings.OF_OTHERS),
        (Owner.LANDLORD, spellings.OF_THE_LANDLORD),
        (Owner.HEAD, spellings.OF_THE_HEAD),
    )
    for word in _words(listed)
}
OWNER_WORDS = re.compile(_any_of(OWNERS))
MEMBER_WORDS = re.compile(r"成员|家人|同住人")
FILLERS = re.compile(f"(?:{_any_of(_words(spellings.FILLERS))})+$")
FOREIGN_WORDS = re.compile(_any_of(_words(spellings.FOREIGN)))
FOREIGN_GROUPS = re.compile(_any_of(_words(spellings.FOREIGN_GROUPS)))
KINDS = re.compile(_any_of(_words(spellings.KINDS)))
JOINING = re.compile(r"[的之及和与或跟、/]+")
REGISTERED = re.compile(r"户籍|户口|身份证|原籍")
LIVED_AT = re.compile(r"现|居住|实际|常住")
MEMBER_NOUN = r"(?:家庭|户内|同住|共同居住|常住|家里)?(?:成员|人员|人口|家属|同住人|居住人|家人|住户|member)"
MEMBER = (
    re.compile(rf"^{MEMBER_NOUN}{COUNT}(.*)$"),
    re.compile(rf"^{COUNT}(?:个|位|名)?(?:人|成员|家庭成员)(?!数|次|口)(.*)$"),
    re.compile(rf"^({_any_of(_words(spellings.KINDS))}|身份证号码?|联系电话|手机号码?|与户主关系|关系){COUNT}$"),
)
TOO_SHORT_TO_STRIP = frozenset(
    {"证号", "证", "号", "证件证号", "证类", "组", "队", "村", "房", "室", "楼", "幢", "栋", "座"}
)
"""What may not remain of a header after its owner is taken away: too many certificates end like that."""
DOOR_PARTS = frozenset({Field.BUILDING, Field.STAIRWELL, Field.ROOM, Field.ADDRESS})


def normal(text: object) -> str:
    """A header without what doesn't matter: width, case, spaces, marks, hints in brackets, numbering, colon.

    A number in brackets stays: 家庭成员（一）.
    """
    return split(text)[0]


def split(text: object) -> tuple[str, tuple[str, ...]]:
    """The normalised header, and what stands in its brackets."""
    bare = MARKS.sub("", unicodedata.normalize("NFKC", str(text)).lower())
    bare = EXAMPLE.sub("", NUMBERING.sub("", bare))
    hints: list[str] = []

    def take_out(match: re.Match[str]) -> str:
        inner = next(group for group in match.groups() if group is not None)
        if JUST_A_COUNT.fullmatch(inner):
            return inner
        hints.append(inner)
        return ""

    outside = BRACKETS.sub(take_out, bare).strip(":/、,;-_.·")
    if not outside and hints:
        return hints[0].strip(":"), ()
    return outside, tuple(hints)


def read(path: Sequence[object]) -> Named:
    """What the texts over a column say, from the top group down to the column's own header."""
    texts = [split(text) for text in path]
    texts = [text for text in texts if text[0]]
    if not texts:
        return UNKNOWN
    lowest, hints = texts[-1]
    groups = [text for text, _hints in texts[:-1]]
    named = _read_one(lowest)
    if not named.field and groups:
        named = _joined(groups[-1], lowest) or named
    for hint in hints:
        named = _qualified(named, hint)
    for group in reversed(groups):
        named = _under(named, group)
    return named


def _read_one(bare: str) -> Named:
    plain = PUNCTUATION.sub("", bare)
    return (
        VOCABULARY.get(plain)
        or _filled_out(plain)
        or _numbered(plain)
        or _owned(plain)
        or _divided(bare)
        or _related(plain)
        or _strange(plain)
        or UNKNOWN
    )


def _filled_out(plain: str) -> Named | None:
    """身份证号码信息 is 身份证号码, 3姓名 is 姓名, 与户主关系户主配偶子女 a relation that lists its words."""
    if SPELLED_OUT.match(plain):
        return VOCABULARY["性别" if plain.startswith("性别") else "与户主关系"]
    for shorter in (FILLERS.sub("", plain), LEADING_COUNT.sub("", plain)):
        if shorter != plain and (found := VOCABULARY.get(shorter)) and not found.choices:
            return found
    return None


def _numbered(plain: str) -> Named | None:
    """成员1姓名, 第二人身份证号, 姓名3."""
    for pattern in MEMBER[:2]:
        if match := pattern.match(plain):
            rest = PUNCTUATION.sub("", match.group(2)).removeprefix("的")
            named = VOCABULARY.get(rest) if rest else Named(choices=(Field.NAME,))
            return replace(named, member=_count(match.group(1))) if named else FOREIGN
    if (match := MEMBER[2].match(plain)) and (named := VOCABULARY.get(match.group(1))):
        return replace(named, member=_count(match.group(2)))
    return None


def _count(text: str) -> int:
    return HAN_NUMBERS.get(text) or int(text)


def _divided(bare: str) -> Named | None:
    """幢/栋/号楼 says one thing three times; 幢、单元、室 is an address; 家庭成员一/姓名 is a group and its column."""
    pieces = [piece for piece in re.split(r"[/、,;|\-_·\\+&]", bare) if piece]
    if len(pieces) < 2:
        return None
    named = [_read_one(piece) for piece in pieces]
    fields = {name.field for name in named}
    if all(name.field for name in named):
        if len(fields) == 1 and len({name.owner for name in named}) == 1:
            return named[0]
        if fields <= DOOR_PARTS:
            return VOCABULARY["地址"]
    if len(pieces) == 2 and named[1].field and (named[0].member or pieces[0] in OWNERS):
        return _under(named[1], pieces[0])
    return FOREIGN if any(name.is_known for name in named) else None


def owner_of(plain: str) -> tuple[Owner, str] | None:
    """Whose the fact under this text is, and in which word; None when nobody is named. Strangers come first."""
    words = {OWNERS[word]: word for word in OWNER_WORDS.findall(plain)}
    for owner in (Owner.OTHER, Owner.LANDLORD, Owner.HEAD, Owner.SUBJECT, Owner.OWN):
        if owner not in words:
            continue
        if owner is Owner.HEAD and MEMBER_WORDS.search(plain[plain.index(words[owner]) :]):
            return Owner.OWN, words[owner]  # 户主及家庭成员
        return owner, words[owner]
    return None


def _owned(plain: str) -> Named | None:
    found = owner_of(plain)
    if found is None:
        return None
    owner, word = found
    kind = JOINING.sub("", OWNER_WORDS.sub("", plain))
    if "关系" in kind:
        return None if owner in (Owner.HEAD, Owner.OWN) else OF_SOMEBODY_ELSE
    if owner is Owner.OTHER:
        return OF_SOMEBODY_ELSE
    named = VOCABULARY.get(kind) if kind else VOCABULARY["姓名"]
    is_fact = bool(named and named.field) and kind not in TOO_SHORT_TO_STRIP
    if owner is Owner.OWN:
        return replace(named, sureness=STRIPPED) if named and is_fact and kind else None
    if not named or not is_fact or (owner is Owner.SUBJECT and not kind):
        return OF_SOMEBODY_ELSE if kind or owner is not Owner.SUBJECT else None
    return _given_to(replace(named, sureness=STRIPPED), owner, word)


OWNED_FIELDS: dict[tuple[Owner, str], Field] = {
    (Owner.HEAD, Field.NAME): Field.HEAD_NAME,
    (Owner.HEAD, Field.NUMBER): Field.HEAD_NUMBER,
    (Owner.LANDLORD, Field.NAME): Field.LANDLORD_NAME,
    (Owner.LANDLORD, Field.PHONE): Field.LANDLORD_PHONE,
}


def _given_to(named: Named, owner: Owner, word: str) -> Named:
    """The same fact, but of `owner`. The household's own facts (its address) stay what they are under the head."""
    if owner is Owner.SUBJECT:
        return named if named.field in HOUSEHOLD_FIELDS else replace(named, owner=owner, subject=word)
    if field := OWNED_FIELDS.get((owner, named.field)):
        return replace(named, field=field, owner=owner)
    if owner is Owner.HEAD:
        return named if named.field in HOUSEHOLD_FIELDS else replace(named, owner=Owner.HEAD)
    return OF_SOMEBODY_ELSE


def _related(plain: str) -> Named | None:
    """Relations to the head in words that the list hasn't: 该成员与本户户主的关系."""
    if "关系" not in plain or FOREIGN_WORDS.search(plain):
        return None
    return replace(VOCABULARY["关系"], sureness=STRIPPED) if re.search("户主|户长", plain) else FOREIGN


def _strange(plain: str) -> Named | None:
    """Facts that no register here holds, and facts of people we can't tell."""
    if FOREIGN_WORDS.search(plain):
        return replace(FOREIGN, spelling=plain)
    return OF_SOMEBODY_ELSE if KINDS.search(plain) else None


def _joined(group: str, lowest: str) -> Named | None:
    """证件 over 号码, 出生 over 日期, 电话 over 本人: together they are a name that the parts aren't."""
    core = FILLERS.sub("", PUNCTUATION.sub("", group))
    plain = PUNCTUATION.sub("", lowest)
    for text in (core + plain, plain + core):
        named = VOCABULARY.get(text)
        if named and named.field:
            return named
    return None


def _qualified(named: Named, hint: str) -> Named:
    """姓名（户主）, 电话（监护人）, 地址（户籍）: what stands in brackets may say whose it is."""
    plain = PUNCTUATION.sub("", hint)
    if plain in OWNERS and named.field:
        owner = OWNERS[plain]
        if owner is Owner.OTHER:
            return OF_SOMEBODY_ELSE
        return named if owner is Owner.OWN else _given_to(named, owner, plain)
    return _as_registered(named, plain)


def _as_registered(named: Named, about: str) -> Named:
    if named.field == Field.ADDRESS and REGISTERED.search(about) and not LIVED_AT.search(about):
        return replace(named, tier=Tier.SECOND, sureness=SECOND)
    return named


def _under(named: Named, group: str) -> Named:
    """What a column is under a group: of member 2, of the head, of an employer. A name with an owner keeps it."""
    plain = PUNCTUATION.sub("", group)
    member = _numbered(plain)
    if member and member.member:
        return replace(named, member=named.member or member.member)
    if not named.field and not named.choices:
        return named
    if FOREIGN_GROUPS.search(plain):
        return FOREIGN
    named = _as_registered(named, plain)
    owner, word = owner_of(plain) or (Owner.OWN, "")
    if owner is Owner.OWN or named.owner is not Owner.OWN or named.field in HOUSEHOLD_FIELDS:
        return named
    if owner is Owner.OTHER or not named.field:
        return OF_SOMEBODY_ELSE
    return _given_to(named, owner, word)
