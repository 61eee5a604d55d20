"""Chinese personal names as a register has them: surnames by frequency, given names by decade and sex.

Nothing here is about a real person. Surnames are weighted by their share of the population (per mille, rounded);
given names are put together from the characters that were common among births of that decade.
"""

from collections.abc import Iterator, Sequence
from itertools import chain
from random import Random

MALE = "male"
FEMALE = "female"

# Share of the national population, per mille.
NATIONAL_SURNAMES = (
    "王72 李72 张68 刘54 陈45 杨31 黄22 赵23 吴20 周21 徐17 孙15 马13 朱13 胡13 郭12 何12 高10 林11 罗9 "
    "郑9 梁8 谢7 宋8 唐7 许7 韩7 冯6 邓6 曹6 彭6 曾6 肖6 田5 董5 袁5 潘5 于5 蒋5 蔡5 余5 杜5 叶4 程5 苏5 魏5 "
    "吕5 丁4 任4 沈4 姚4 卢4 姜4 崔4 钟4 谭4 陆4 汪4 范4 金4 石3 廖3 贾3 夏3 韦3 付3 方3 白3 邹3 孟3 熊3 秦3 邱3 "
    "江3 尹3 薛3 闫3 段3 雷3 侯3 龙3 史3 陶3 黎3 贺2 顾2 毛2 郝2 龚2 邵2 万2 钱2 严2 覃2 武2 戴2 莫2 孔2 向2 汤2 欧阳1"
)
# The same for families long settled around Ningbo, where some surnames of the coast are common.
LOCAL_SURNAMES = (
    "陈84 王80 张66 徐44 周40 胡33 李32 林28 杨26 朱24 吴23 沈22 郑22 虞20 贺19 顾18 俞18 邬17 乐16 方15 黄15 "
    "严13 傅12 金12 施12 童11 董11 叶11 蒋11 陆10 孙10 何10 余10 刘9 丁9 钱9 邵8 戴8 姚8 曹8 钟7 史7 毛7 竺7 "
    "范7 江6 屠6 舒6 洪6 汪6 包5 袁5 冯5 谢5 夏5 应5 魏5 倪5 任4 裘4 翁4 励4 柳4 石4 杜4 蔡4 章4 唐4 向3 卓3 "
    "庄3 葛3 梅3 马3 赵3 罗3 高3 潘3 郭2 吕2 鲍2 林1 欧阳1 司徒1"
)

# Per decade of birth: share of one-character given names, then first and second characters by sex.
# The year is the first of the decade; older people share the earliest row.
_GIVEN = {
    1930: (
        0.10,
        ("阿德根福生金水长永志国文正顺宝明", "法根生宝福才祥兴发林良康元龙昌"),
        ("阿秀桂凤玉彩美月金兰素爱惠梅", "娣凤珍英花仙娥妹兰香菊云芬琴"),
    ),
    1950: (
        0.14,
        ("建国志永文卫光振立新和世启明忠", "国军民华平明良祥根法荣康强生龙"),
        ("秀桂玉凤美亚爱素惠雪彩月小志", "英珍芬芳娣琴凤华萍兰娟仙君敏"),
    ),
    1970: (
        0.24,
        ("建志海永国文晓伟立宏春世小新军", "平军明华峰波勇强辉斌江龙林国忠"),
        ("海丽小春亚红建雪晓秀玲慧爱文", "萍燕红芬丽娟霞琴英芳君飞敏珍"),
    ),
    1980: (
        0.38,
        ("伟海建晓志俊永文国小宏佳振立成", "杰波峰军磊鹏涛飞斌辉超强明勇龙"),
        ("晓丽海雪佳小燕玲静婷文春亚美", "燕娜丽芳敏静婷娟君玲霞萍红莉"),
    ),
    1990: (
        0.36,
        ("佳俊志文嘉浩建晓思子天宇明家成", "杰豪鹏凯龙磊峰浩伟宇涛斌辉超轩"),
        ("佳婷雪思梦静晓雨文慧诗嘉丽欣", "婷琪倩雯莹敏琳怡颖洁雪静瑶娜"),
    ),
    2000: (
        0.14,
        ("子浩宇俊嘉天佳文博家泽思梓星煜", "轩杰涵豪宇辰博睿航阳凯泽然毅霖"),
        ("佳雨思欣梓诗嘉子梦可心雅语若", "怡涵琪萱彤瑶妍欣雯悦婷菲琳然"),
    ),
    2010: (
        0.07,
        ("子梓浩宇沐奕一俊泽承睿嘉书辰煜", "轩宸睿泽辰霖涵阳航恒屿然晨熙洋"),
        ("梓子一沐雨欣语若诗奕可思书芷", "涵萱汐彤怡诺妍妙晴瑶玥溪宁然"),
    ),
}
_DECADES = (1930, 1950, 1970, 1980, 1990, 2000, 2010)
_BATCH = 4096


def endless(rng: Random, values: Sequence[str], weights: Sequence[float] | None = None) -> Iterator[str]:
    """Values drawn for ever; in batches, because one `choices` of thousands costs a tenth of thousands of `choice`."""
    return chain.from_iterable(iter(lambda: rng.choices(values, weights, k=_BATCH), None))


def surname_table(text: str) -> dict[str, int]:
    """Read '王72 李72 …' as surname to weight; a surname written twice counts twice."""
    table: dict[str, int] = {}
    for entry in text.split():
        surname = entry.rstrip("0123456789")
        table[surname] = table.get(surname, 0) + int(entry[len(surname) :])
    return table


def decade_of(year: int) -> int:
    """The row of given names for a birth year."""
    return max((decade for decade in _DECADES if decade <= year), default=_DECADES[0])


def given_pool(rng: Random, decade: int, sex: str, size: int = 2000) -> list[str]:
    """Given names of a decade and sex, single-character ones in their share, repeats allowed as in life."""
    single, male, female = _GIVEN[decade]
    first, second = male if sex == MALE else female
    names: list[str] = []
    while len(names) < size:
        tail = rng.choice(second)
        head = "" if rng.random() < single else rng.choice(first)
        if head != tail:
            names.append(head + tail)
    return names


class NameSource:
    """Endless names from one random stream. `family(local)` gives a surname, `given(sex, year)` a given name."""

    def __init__(self, rng: Random):
        self._surnames = {
            local: endless(rng, list(table), list(table.values()))
            for local, table in (
                (True, surname_table(LOCAL_SURNAMES)),
                (False, surname_table(NATIONAL_SURNAMES)),
            )
        }
        pools = {
            (decade, sex): endless(rng, given_pool(rng, decade, sex)) for decade in _DECADES for sex in (MALE, FEMALE)
        }
        self._given = {(year, sex): pools[decade_of(year), sex] for year in range(1900, 2100) for sex in (MALE, FEMALE)}

    def family(self, *, local: bool) -> str:
        return next(self._surnames[local])

    def given(self, sex: str, year: int) -> str:
        return next(self._given[year, sex])
