"""What the cells of a column look like, whatever stands over it.

Every sampled cell gets one kind (`Kind`); a column is judged by the shares of kinds among its filled cells. Kinds are
looks, not truths: "330206199001011234" looks like an identity number though its check digit may be wrong.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from enum import StrEnum
from functools import cached_property

from households.loading.cleaning import surnames
from households.loading.cleaning.identity import birth_date
from households.loading.cleaning.relations import standard_relation
from households.loading.cleaning.texts import (
    is_damaged,
    is_formula_error,
    is_nothing,
    text_of,
    with_plain_dashes,
    words,
)
from households.loading.fields import Field
from households.loading.files.cells import Cell


class Kind(StrEnum):
    CARD = "card"
    OTHER_DOCUMENT = "other_document"
    DOCUMENT_WORD = "document_word"
    PHONE = "phone"
    DATE = "date"
    INTEGER = "integer"
    SEX = "sex"
    FLAG = "flag"
    RELATION = "relation"
    RESIDENCE = "residence"
    DWELLING = "dwelling"
    TAG = "tag"
    ADDRESS = "address"
    PLACE = "place"
    SURNAMED = "surnamed"
    NAMELIKE = "namelike"
    TEXT = "text"


_CARD = re.compile(r"[1-9]\d{14}|[1-9]\d{16}[\dX]")
_NEARLY_CARD = re.compile(r"[1-9]\d{15,18}X?")
_OTHER_DOCUMENT = re.compile(r"[A-Z]{1,3}\d{7,12}|[A-Z]\d{6,8}[A-Z]?(?:\(\w\))?")
_PHONE = re.compile(r"(?:\+?86-?)?1[3-9]\d{9}|0\d{2,3}-?[2-9]\d{6,7}(?:-\d{1,5})?|[2-9]\d{2,3}-\d{4}")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_BETWEEN_PHONES = re.compile(r"[,;、/\\|]")
_DATE = re.compile(
    r"(?:18|19|20)\d{2}(?:[-/.年](?:0?[1-9]|1[0-2])(?:[-/.月](?:0?[1-9]|[12]\d|3[01])日?|月)?(?:T?\d{1,2}:\d{2}.*)?"
    r"|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?)"
)
_INTEGER = re.compile(r"\d+(?:\.0)?")
_SEX = words("男 女 男性 女性 M F MALE FEMALE")
_FLAG = words("是 否 有 √ ✓ ✔ × Y N YES NO 对 错")
_ENGLISH_RELATIONS = words("HEAD SPOUSE WIFE HUSBAND SON DAUGHTER FATHER MOTHER")
_RESIDENCE = words("""
    常住 常住人口 常住户 常住户口 户籍 户籍人口 户籍在册 户籍居民 户籍常住 在册 在册人口 本地 本地户籍 本地人口
    本地人 本村户籍 本村人口 本市户籍 本区户籍 本县户籍 本镇户籍 本街道户籍 本社区户籍 外地 外地户籍 外地人口
    外地人 外来 外来人口 外来人员 外来务工 流动 流动人口 流动人员 暂住 暂住人口 暂住人员 寄住 寄住人口 寄住人员
    寄居 寄居人口 人户一致 人户分离 人户不一致 人户同在 人户均在 人户合一 人在户不在 户在人不在 人在户在 户在人在
    空挂户 挂靠户 港澳台 港澳台居民 港澳台人员 港澳台同胞 外籍 外籍人员 外籍人士 境外 境外人员 境外人口 外国人 市外
    省外 省内 市内 区内 区外 县外 外省 外市 外县 外省户籍 外市户籍 非户籍 非户籍人口 非户籍常住
""")
_DWELLING = words("""
    自住 自住房 自有 自有房 自有住房 自用 自建自住 自购自住 自有自住 业主自住 出租 出租房 出租屋 租住 租赁 租赁房
    承租 租房 租用 群租 群租房 合租 合租房 整租 部分出租 全部出租 半自住半出租 自住兼出租 空置 空置房 空关 空关房
    闲置 空房 无人居住 无人住 宿舍 集体宿舍 员工宿舍 企业宿舍 职工宿舍 学生宿舍 工棚 工地宿舍 商住 借住 出借 公租房
    廉租房 民宿
""")
_TAGS = words("""
    独居老人 独居 空巢老人 空巢 高龄老人 高龄 失独家庭 失独 失能老人 失能 半失能老人 半失能 残疾人 残疾 低保 低保户
    低保对象 低保边缘 低保边缘家庭 低边 特困 特困人员 特困供养 五保户 五保 孤儿 困境儿童 留守儿童 留守老人 留守妇女
    孕产妇 孕妇 产妇 退役军人 退伍军人 复员军人 军烈属 军属 烈属 优抚对象 优抚 失业人员 登记失业人员 临时困难
    困难家庭 困难户 贫困户 脱贫户 重病患者 重病 大病 慢性病患者 精神障碍 精神障碍患者 精神病人 社区矫正
    社区矫正对象 社区矫正人员 刑满释放 刑满释放人员 刑释人员 安置帮教 安置帮教人员 社区戒毒 社区戒毒康复
    社区戒毒康复人员 吸毒人员 涉毒人员 信访重点人员 信访人员 信访户 受家庭暴力侵害人员
""")
_BETWEEN_TAGS = re.compile(r"[、,;/|+]")
_DOCUMENT_WORD = re.compile(
    r"(?:居民|二代|第二代|临时)?身份证|户口[本簿]|(?:外国)?护照|.{0,8}(?:通行证|居住证|居留证|军官证|士兵证|警官证)"
    r"|回乡证|台胞证|出生(?:医学)?证明?|驾驶证|无证件"
)
_ADDRESS = re.compile(
    r"(?:\d+|[A-Za-z]\d*|[一二三四五六七八九十]+)(?:幢|栋|号楼|座|单元|室|号|弄|号院|支弄|巷)"
    r"|[路街巷弄]\d+|^[A-Za-z]?\d{1,4}(?:-\d{1,4}){1,3}(?:室)?$|^[A-Za-z]?\d{1,4}[#/]\d{1,4}(?:[#/]\d{1,4})?$"
    r"|(?:省|市|区|县|镇|乡|街道).{2,}(?:路|街|巷|村|组|社区|小区|花园|苑|公寓|号|里|坊|庄|屯|屋|湾|楼)"
    r"|.{2,}(?:小区|花园|公寓|新村|家园|苑|宿舍|大厦)\S*\d|^.{1,8}组\d+号?$"
)
_PLACE = re.compile(
    r".{0,12}(?:村|社区|居委会|村委会|网格|组|队|片区|屯|街道|镇|乡|区|县|市|省|幢|栋|楼|单元|室|路|街|巷|弄|苑"
    r"|小区|花园|公寓|公司|学校|大学|医院|厂)\d*"
)
_NAMELIKE = re.compile(r"[㐀-鿿]{2,4}|[㐀-鿿]{1,12}[·.•・][㐀-鿿·.•・]{1,20}|[A-Z][A-Z.'\-]*(?: [A-Z][A-Z.'\-]*){1,5}")
_ROLE_BEHIND = re.compile(r"[(（][^()（）]{1,8}[)）]$")
_NO_NAME = words("""
    汉族 满族 回族 苗族 党员 群众 团员 未婚 已婚 离异 丧偶 初婚 再婚 小学 初中 高中 中专 大专 本科 大学 硕士 博士
    文盲 农民 工人 务农 经商 学生 退休 无业 在职 个体 农业 非农业 非农 健康 良好 一般 合格 正常 已接种 未接种 全程
    居民 村民 单身 商品房 自建房 安置房 全款 贷款 常年 温州 宁波 安徽 江西 江苏 贵州 云南 四川 河南 河北 山东 山西
    湖南 湖北 广东 广西 福建 陕西 甘肃 重庆 上海 北京 天津 城镇 农村 城市 时间 文字 全家 高龄 独居 单亲
""")
"""Words that begin like a surname and are none."""
_CELL_SEPARATORS = re.compile(r"[\s'\"`’‘]+")
_TOO_LONG_FOR_WORDS = 12


def kind_of(cell: Cell) -> Kind | None:
    """What a cell looks like; None when it is empty, says "nothing" or holds a formula's error."""
    text = text_of(cell)
    if is_nothing(text) or is_formula_error(cell):
        return None
    if is_damaged(cell):
        return Kind.CARD
    if isinstance(cell, date):
        return Kind.DATE
    tight = with_plain_dashes(_CELL_SEPARATORS.sub("", text)).upper()
    return _by_digits(tight) or _by_words(tight, text) or Kind.TEXT


def _by_digits(tight: str) -> Kind | None:
    if not any(char.isdigit() for char in tight):
        return None
    if _CARD.fullmatch(tight):
        year, month_day = (tight[6:10], tight[10:14]) if len(tight) == 18 else ("19" + tight[6:8], tight[8:12])
        return Kind.CARD if birth_date(year + month_day) or tight.endswith("000") else Kind.INTEGER
    if _DATE.fullmatch(tight) and not (_PHONE.fullmatch(tight) and not birth_date(tight.ljust(8, "0")[:8])):
        return Kind.DATE if len(tight) > 4 else Kind.INTEGER
    pieces = _BETWEEN_PHONES.split(tight)
    if any(_PHONE.fullmatch(piece) or _MOBILE.fullmatch(piece.replace("-", "")) for piece in pieces):
        return Kind.PHONE
    if _INTEGER.fullmatch(tight):
        return Kind.CARD if _NEARLY_CARD.fullmatch(tight) and birth_date(tight[6:14]) else Kind.INTEGER
    if _OTHER_DOCUMENT.fullmatch(tight):
        return Kind.OTHER_DOCUMENT
    return Kind.ADDRESS if _ADDRESS.search(tight) else Kind.PLACE if _PLACE.fullmatch(tight) else None


def _by_words(tight: str, text: str) -> Kind | None:
    if len(tight) <= _TOO_LONG_FOR_WORDS and (kind := _word_kind(tight)):
        return kind
    name = _ROLE_BEHIND.sub("", tight)
    if name not in _NO_NAME and surnames.begins(name) and not _PLACE.fullmatch(name):
        return Kind.SURNAMED
    if _ADDRESS.search(tight):
        return Kind.ADDRESS
    if _PLACE.fullmatch(tight):
        return Kind.PLACE
    return Kind.NAMELIKE if name not in _NO_NAME and _NAMELIKE.fullmatch(text.upper().strip()) else None


def _word_kind(tight: str) -> Kind | None:
    if tight in _SEX:
        return Kind.SEX
    if tight in _FLAG:
        return Kind.FLAG
    if tight in _RESIDENCE:
        return Kind.RESIDENCE
    if tight in _DWELLING:
        return Kind.DWELLING
    if _BETWEEN_TAGS.split(tight)[0] in _TAGS:
        return Kind.TAG
    if tight in _ENGLISH_RELATIONS or standard_relation(tight):
        return Kind.RELATION
    return Kind.DOCUMENT_WORD if _DOCUMENT_WORD.fullmatch(tight) else None


FITTING: dict[Field, frozenset[Kind]] = {
    Field.NAME: frozenset({Kind.SURNAMED, Kind.NAMELIKE}),
    Field.NUMBER: frozenset({Kind.CARD, Kind.OTHER_DOCUMENT}),
    Field.PHONE: frozenset({Kind.PHONE}),
    Field.SEX: frozenset({Kind.SEX}),
    Field.BORN_ON: frozenset({Kind.DATE}),
    Field.RELATION: frozenset({Kind.RELATION}),
    Field.RESIDENCE: frozenset({Kind.RESIDENCE}),
    Field.DWELLING: frozenset({Kind.DWELLING}),
    Field.TAGS: frozenset({Kind.TAG}),
    Field.DOCUMENT: frozenset({Kind.DOCUMENT_WORD}),
    Field.ADDRESS: frozenset({Kind.ADDRESS}),
    Field.MOVED_IN_ON: frozenset({Kind.DATE}),
    Field.MOVED_OUT_ON: frozenset({Kind.DATE}),
}
FITTING[Field.HEAD_NAME] = FITTING[Field.LANDLORD_NAME] = FITTING[Field.NAME]
FITTING[Field.HEAD_NUMBER] = FITTING[Field.NUMBER]
FITTING[Field.LANDLORD_PHONE] = FITTING[Field.PHONE]
"""The kinds that speak for a field. Fields that aren't here (a room, a note) have no look of their own."""

BEARABLE: dict[Field, frozenset[Kind]] = {
    Field.NAME: frozenset({Kind.PLACE, Kind.TEXT}),
    Field.NUMBER: frozenset({Kind.INTEGER, Kind.TEXT}),
    Field.PHONE: frozenset({Kind.INTEGER, Kind.TEXT}),
    Field.SEX: frozenset({Kind.INTEGER}),
    Field.BORN_ON: frozenset({Kind.INTEGER, Kind.TEXT}),
    Field.MOVED_IN_ON: frozenset({Kind.INTEGER, Kind.TEXT}),
    Field.MOVED_OUT_ON: frozenset({Kind.INTEGER, Kind.TEXT}),
    Field.RELATION: frozenset({Kind.SEX, Kind.INTEGER, Kind.TEXT, Kind.DOCUMENT_WORD}),
}
BEARABLE[Field.HOUSEHOLD_NUMBER] = frozenset({Kind.CARD, Kind.DATE})
BEARABLE[Field.NOTE] = frozenset(Kind)
BEARABLE[Field.HEAD_NAME] = BEARABLE[Field.LANDLORD_NAME] = BEARABLE[Field.NAME]
BEARABLE[Field.HEAD_NUMBER] = BEARABLE[Field.NUMBER]
BEARABLE[Field.LANDLORD_PHONE] = BEARABLE[Field.PHONE]
"""Kinds that say nothing for or against: "3" may be a sex in code, 33269 a date, the head's number a household's."""

TELLING = frozenset({Kind.CARD, Kind.PHONE, Kind.SEX, Kind.RELATION, Kind.DATE, Kind.FLAG})
"""Kinds that tell so plainly what they are that no header talks them away."""


class Look:
    """The looks of one column over the sampled lines. `cells` are kept apart by line: "" where there is nothing."""

    def __init__(self, cells: Sequence[Cell]) -> None:
        self.lines = len(cells)
        kinds = [kind_of(cell) for cell in cells]
        self.kinds = Counter(kind for kind in kinds if kind)
        self.texts = [text_of(cell) if kind else "" for cell, kind in zip(cells, kinds, strict=True)]

    @cached_property
    def count(self) -> int:
        return self.kinds.total()

    @cached_property
    def filled(self) -> float:
        return self.count / self.lines if self.lines else 0.0

    @cached_property
    def variety(self) -> float:
        """How many of the filled cells differ: near 1 for names, near 0 for 男 and 女."""
        return len(set(filter(None, self.texts))) / self.count if self.count else 0.0

    def share(self, kinds: Iterable[Kind]) -> float:
        return sum(self.kinds[kind] for kind in kinds) / self.count if self.count else 0.0

    def share_of(self, is_meant: Callable[[str], bool]) -> float:
        """The share of filled cells whose text passes the test."""
        texts = Counter(text for text in self.texts if text)
        return sum(count for text, count in texts.items() if is_meant(text)) / self.count if self.count else 0.0

    @staticmethod
    def has_a_look(field: str) -> bool:
        return field in FITTING

    def fits(self, field: str) -> float:
        """The share of cells that look like `field`. Fields without a look of their own fit by half."""
        wanted = FITTING.get(Field(field))
        if wanted is None:
            return 0.5
        share = self.share(wanted)
        if field == Field.RELATION and share >= 0.3:
            return self.share({*wanted, Kind.SEX})  # 女 is a daughter too
        return share

    def speaks_against(self, field: str) -> bool:
        """Whether the cells are plainly something else."""
        if not self.count:
            return False
        wanted = FITTING.get(Field(field), frozenset())
        bearable = wanted | BEARABLE.get(Field(field), frozenset())
        if self.share(wanted) >= 0.3:
            return False
        if field in _NAME_FIELDS:
            return self.share(bearable) < 0.5
        if wanted and self.share({Kind.SURNAMED}) >= 0.6 and self.variety >= 0.5:
            return Kind.PLACE not in bearable and field != Field.ADDRESS
        against = self.share(TELLING - bearable)
        return against >= (0.6 if wanted else 0.5)


_NAME_FIELDS = frozenset({Field.NAME, Field.HEAD_NAME, Field.LANDLORD_NAME})
