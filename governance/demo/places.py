"""Invented place and organisation names: hamlets, estates, streets, firms, public places."""
# ruff: noqa: SIM905 - a hundred short words read better in one line than as a hundred quoted strings

from collections.abc import Iterator
from itertools import count, product
from random import Random

NUMERALS = "一二三四五六七八九十"

HAMLETS = (
    "新村 上宅 下宅 前岸 后岸 东塘 西塘 河东 河西 桥头 庙前 岭下 山头 大屋 横街 老街 里岙 外岙 沙田 竹园 洋墩 石桥 "
    "堰头 樟树下 井头 门前 后畈 前畈 祠堂 汇头"
).split()
_ESTATE_FIRST = (
    "嘉和 锦绣 翠屏 明月 学府 安居 丽景 金色 阳光 清水 碧海 文华 祥和 东湖 星河 云栖 望山 临江 春晖 桂语".split()
)
_ESTATE_LAST = "花园 苑 家园 新村 公寓 名邸 小区 华庭".split()
STREETS = "振兴路 文化路 沿河路 学府路 站前路 中街 富民路 迎宾路".split()
_FIRM_FIRST = (
    "宏拓 恒骏 甬腾 精瑞 海锐 博隆 永泽 盛铭 亿凯 华钺 联骏 天珩 新睿 创铎 力骁 源澄 捷凯 信垚 东钰 嘉钺".split()
)
_FIRM_TRADE = "模具 机械 塑业 汽配 五金 电子 紧固件 包装 物流 液压 轴承 纺织".split()

# Public places with a dedicated micro-grid of their own: form, what follows the community's name.
PUBLIC_PLACES = (
    ("campus", "小学"),
    ("market", "农贸市场"),
    ("hospital", "卫生服务站"),
    ("campus", "幼儿园"),
    ("institution", "便民服务中心"),
    ("site", "安置房工地"),
)

# The published figures count 14 residents' communities in 大碶街道, the divisions hold eleven: three invented ones
# make up the difference. Their codes are free in the divisions.
INVENTED_COMMUNITIES = (
    ("330206004", "330206004014", "汽配园社区"),
    ("330206004", "330206004015", "模具园社区"),
    ("330206004", "330206004016", "银河社区"),
)


def villager_groups(rng: Random, first: str | None = None) -> Iterator[tuple[str, str]]:
    """(form, place) of a village's micro-grids: 新村一组 … 新村四组, and sometimes a whole hamlet."""
    hamlets = [hamlet for hamlet in HAMLETS if hamlet != first]
    rng.shuffle(hamlets)
    if first:
        hamlets.insert(0, first)
    for position, hamlet in enumerate(_extended(hamlets)):
        if position % 4 == 3:
            yield "natural_village", hamlet
        else:
            yield from (("villager_group", f"{hamlet}{NUMERALS[group]}组") for group in range(4))


def stairwells(rng: Random) -> Iterator[tuple[str, str]]:
    """(form, place) of an urban community's micro-grids: stairwells and buildings of its estates, street fronts."""
    estates = [first + last for first, last in product(_ESTATE_FIRST, _ESTATE_LAST)]
    rng.shuffle(estates)
    streets = list(STREETS)
    rng.shuffle(streets)
    for position, estate in enumerate(_extended(estates)):
        yield from (("stairwell", f"{estate}1幢{stairwell}单元") for stairwell in (1, 2))
        yield "building", f"{estate}2幢"
        if position < len(streets):
            yield "street_section", streets[position]
        yield from (("stairwell", f"{estate}3幢{stairwell}单元") for stairwell in (1, 2))
        yield "building", f"{estate}4幢"


def firms(rng: Random) -> Iterator[str]:
    """Different names of firms that don't exist."""
    names = [f"{first}{trade}" for first, trade in product(_FIRM_FIRST, _FIRM_TRADE)]
    rng.shuffle(names)
    return _extended(names)


def _extended(names: list[str]) -> Iterator[str]:
    """The names, and when they are used up the same again with 二, 三, … before running on in digits."""
    for turn in count():
        suffix = "" if turn == 0 else NUMERALS[turn] if turn < len(NUMERALS) else str(turn + 1)
        yield from (name + suffix for name in names)
