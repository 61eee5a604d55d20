"""Columns with a few possible values: sex, residence, dwelling, kind of document, tags. And notes."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from django.db.models import TextChoices

from households.loading.cleaning.relations import standard_relation
from households.loading.cleaning.texts import is_damaged, is_formula_error, text_of, value_of, words
from households.loading.fields import Problem
from households.loading.files.cells import Cell
from households.models import Household, Resident


class CleanValue(NamedTuple):
    """A value as the register keeps it, "" when the cell says nothing, and what is wrong with the cell."""

    value: str = ""
    problem: str = ""


class CleanTags(NamedTuple):
    codes: tuple[str, ...] = ()
    problem: str = ""


LONGEST_RELATION = 20
LONGEST_NOTE = 200
LONGEST_CODE = 40

_YES = words("是 √ ✓ ✔ 对")
_NO = words("否 不是 × ✗")
_TAGGED = _YES | words("有 Y YES 1")
_UNTAGGED = _NO | words("无 没有 N NO 0")

_SEXES = dict.fromkeys(words("男 男性 M MALE 1 ♂ 先生 男士"), Resident.Sex.MALE.value) | dict.fromkeys(
    words("女 女性 F FEMALE 2 ♀ 女士 小姐"), Resident.Sex.FEMALE.value
)
_SEX_INSIDE = re.compile("[男女]")

Residence = Resident.Residence
# The first that fits counts: 非户籍 before 户籍, 港澳台 before the rest.
_RESIDENCES = (
    (Residence.HMT, re.compile("[港澳台]|HMT")),
    (Residence.FOREIGN, re.compile("外籍|外国|境外|国外|国际|外宾|FOREIGN")),
    (Residence.REGISTERED, re.compile("户在人不在|人户一致|人户合一|户在人在|人在户在|空挂")),
    (Residence.ELSEWHERE, re.compile("分离|人在户不在|([本][市县]|[市区县]内).*[外非跨其]|跨区|寄住|ELSEWHERE")),
    (Residence.FLOATING, re.compile("流[动入]|暂住|外来|非户籍|非本|外[地省市县]|[省市区县]外|租|新居民|FLOATING")),
    (Residence.REGISTERED, re.compile("户籍|常住|本(地|村|市|县|区|镇|乡|街|社区|辖区)|实有|REGISTERED")),
)
# Says what kind of household register somebody stands in, not where.
_NOT_A_RESIDENCE = re.compile("(非?农业?|农村|城镇|城市|居民|家庭|集体|统一)(家庭)?(户口|户|居民)?")

Dwelling = Household.Dwelling
_DWELLINGS = (
    (Dwelling.DORMITORY, re.compile("宿舍|工棚|寝室|DORM")),
    (Dwelling.VACANT, re.compile("空|闲置|无人|未入住|未住|毛坯|未售|未交付|待售|VACANT")),
    (Dwelling.RENTED, re.compile("租|借住|RENT")),
    (Dwelling.OWNED, re.compile("自|私房|私有|产权|商品房|常住|安置|回迁|房改|业主|本人|OWN")),
)
_NOT_A_DWELLING = re.compile("住宅|居住|住房|有人|(已|正常)?入住|在住")

Document = Resident.Document
_DOCUMENTS = (
    (Document.PERMIT, re.compile("通行证|回乡证|台胞|居住证|居留|永居|港澳|台湾|PERMIT")),
    (Document.PASSPORT, re.compile("护照|PASSPORT|414")),
    (Document.OTHER, re.compile("军|士兵|警官|出生|其他|其它|驾|社保|残疾|OTHER")),
    (Document.ID_CARD, re.compile("身份证|户口|居民证|ID ?CARD|IDENTITY|111")),
)

_BETWEEN_TAGS = re.compile(r"[、,;/|\n。+]+|\s{1,}")
_TAG_TAIL = re.compile("(人员|家庭|对象|人群|户|者)$")


def clean_sex(cell: Cell) -> CleanValue:
    text = value_of(cell).upper()
    if not text or text == "9":
        return CleanValue()
    if is_formula_error(cell):
        return CleanValue(problem=Problem.SEX_UNKNOWN.value)
    inside = set(_SEX_INSIDE.findall(text))
    known = _SEXES.get(text) or (_SEXES[inside.pop()] if len(inside) == 1 else "")
    return CleanValue(known, "" if known else Problem.SEX_UNKNOWN.value)


def clean_relation(cell: Cell) -> CleanValue:
    """The standard word, or what stands there with a warning."""
    text = value_of(cell)
    if not text:
        return CleanValue()
    if is_formula_error(cell):
        return CleanValue(problem=Problem.RELATION_UNKNOWN.value)
    standard = standard_relation(text)
    if standard is None:
        return CleanValue(text[:LONGEST_RELATION], Problem.RELATION_UNKNOWN.value)
    return CleanValue(standard)


def clean_residence(cell: Cell, header: str = "") -> CleanValue:
    """The kind of residence. A bare 是 or 否 is an answer to the header (是否常住, 是否流动人口, 人户分离)."""
    text = text_of(cell).upper()
    if text in _YES | _NO and (asked := _first_of(_RESIDENCES, header)):
        otherwise = Residence.FLOATING if asked == Residence.REGISTERED else Residence.REGISTERED
        return CleanValue(asked if text in _YES else otherwise.value)
    text = value_of(cell).upper()
    if not text or _NOT_A_RESIDENCE.fullmatch(text):
        return CleanValue()
    if known := _first_of(_RESIDENCES, text):
        return CleanValue(known)
    return CleanValue(Residence.REGISTERED.value, Problem.RESIDENCE_UNKNOWN.value)


def clean_dwelling(cell: Cell, header: str = "") -> CleanValue:
    """The use of the dwelling. A bare 是 or 否 is an answer to the header (是否出租, 是否空置)."""
    text = text_of(cell).upper()
    if text in _YES | _NO and (asked := _first_of(_DWELLINGS, header)):
        return CleanValue(asked if text in _YES else "" if asked == Dwelling.OWNED else Dwelling.OWNED.value)
    if text == "空":
        return CleanValue(Dwelling.VACANT.value)
    text = value_of(cell).upper()
    if _NOT_A_DWELLING.fullmatch(text):
        return CleanValue()
    known = _first_of(_DWELLINGS, text)
    return CleanValue(known, Problem.DWELLING_UNKNOWN.value if text and not known else "")


def clean_document(cell: Cell) -> CleanValue:
    """The kind of document as `Resident.Document`, "" when the cell doesn't say or says what nobody knows."""
    return CleanValue(_first_of(_DOCUMENTS, value_of(cell).upper()))


def clean_tags(cell: Cell, kinds: Mapping[str, str], header: str = "") -> CleanTags:
    """The codes of the tags named in the cell. `kinds` says the code of each name.

    In a column whose header is itself a tag (低保户: 是) the answer counts.
    """
    if is_formula_error(cell):
        return CleanTags()
    text = text_of(cell)
    own = _tag(header.rpartition("/")[2].replace(" ", "").removeprefix("是否"), kinds)
    if own and text.upper() in _TAGGED | _UNTAGGED:
        return CleanTags((own,) if text.upper() in _TAGGED else ())
    names = [name for name in _BETWEEN_TAGS.split(value_of(cell)) if name and name.upper() not in _UNTAGGED]
    codes = [_tag(name, kinds) for name in names]
    known = tuple(dict.fromkeys(code for code in codes if code))
    return CleanTags(known, "" if all(codes) else Problem.TAG_UNKNOWN.value)


def clean_note(cell: Cell) -> str:
    return "" if is_formula_error(cell) else value_of(cell)[:LONGEST_NOTE]


def clean_code(cell: Cell) -> CleanValue:
    """A number or name of the sender's own, such as a household number: as it is, unless Excel has damaged it."""
    if is_formula_error(cell):
        return CleanValue(problem=Problem.FORMULA_ERROR.value)
    if is_damaged(cell):
        return CleanValue(problem=Problem.NUMBER_DAMAGED.value)
    return CleanValue(value_of(cell)[:LONGEST_CODE])


def _tag(name: str, kinds: Mapping[str, str]) -> str:
    return kinds.get(name) or kinds.get(_TAG_TAIL.sub("", name)) or ""


def _first_of(patterns: tuple[tuple[TextChoices, re.Pattern[str]], ...], text: str) -> str:
    return next((str(kind.value) for kind, pattern in patterns if pattern.search(text)), "") if text else ""
