"""Cleaning a street's register, from cells to columns ready to be staged: `python -m benchmarks.register_cleaning`.

217,000 lines of 13 columns are held in memory, so that reading the file doesn't count. The measure beside it is a bare
loop that only touches the same cells.
"""

import gc
import os
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count, cycle, islice

from benchmarks.rig import say, seconds

HOUSEHOLDS = 25_381
LINES = 217_000
TODAY = date(2026, 11, 22)
COLUMNS = {
    "所属网格": "grid",
    "微网格": "micro_grid",
    "户号": "household_number",
    "现住址": "address",
    "房屋用途": "dwelling",
    "姓名": "name",
    "身份证号": "number",
    "性别": "sex",
    "出生日期": "born_on",
    "联系电话": "phone",
    "与户主关系": "relation",
    "户籍类型": "residence",
    "备注": "note",
}
RELATIONS = ("户主", "妻", "长子", "次女", "父亲", "母亲", "儿媳", "孙子", "孙女")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂红玲燕辉波斌鹏浩宇欣怡梓涵子轩"

type Line = list[str]


def main() -> None:
    from tests.run import TEST_ENVIRONMENT

    os.environ.update(TEST_ENVIRONMENT)
    import django

    django.setup()
    lines = list(islice(_lines(), LINES))
    gc.freeze()  # the cells stand for a file: the collector shouldn't go through them again and again
    loop = seconds(lambda: _touch(lines))
    say("a bare loop over the same cells", loop, "s")
    _measure("clean cells", lines, loop)
    _measure(
        "every tenth line with odd cells", [_odd(line) if at % 10 == 0 else line for at, line in enumerate(lines)], loop
    )


def _measure(what: str, lines: list[Line], loop: float) -> None:
    took = min(seconds(lambda: _clean(lines)) for _time in range(3))
    say(f"{what}: {LINES:,} lines of {len(COLUMNS)} columns, {took / loop:.1f} times the bare loop", took, "s")
    say(f"{what}: lines a second", LINES / took, "")


def _touch(lines: list[Line]) -> int:
    filled = 0
    for line in lines:
        for cell in line:
            if cell:
                filled += 1
    return filled


def _clean(lines: list[Line]) -> None:
    from households.loading.cleaning.people import read_people
    from households.loading.files.cells import Book
    from households.loading.plan import BookPlan, ColumnPlan, SheetPlan

    class Cells(Book):
        def rows(self, index: int) -> Iterator[list]:
            return iter(lines)

    columns = [ColumnPlan(index, header, field) for index, (header, field) in enumerate(COLUMNS.items())]
    sheet = SheetPlan(0, "居民", is_register=True, data_from=1, shape="numbered", columns=columns)
    read = sum(len(people) for people in read_people(Cells(), BookPlan([sheet]), [], on=TODAY))
    if read != LINES:
        raise SystemExit(f"{read:,} of {LINES:,} people were read.")


def _lines() -> Iterator[Line]:
    """Households of eight or nine, person after person, all of them invented."""
    from households.loading.cleaning.identity import check_digit

    shares = cycle((9, 8, 9, 8, 9, 8, 9, 8, 9, 8, 9))
    person = count()
    for home in count():
        building, room = home // 24 + 1, f"{home // 4 % 6 + 1}{home % 4 + 1:02d}"
        door = [
            f"第{home // 1600 + 1}网格",
            f"微网格{home // 25 + 1}",
            f"H{home:06d}",
            f"富春花园{building}幢{room}室",
            "自住",
        ]
        for member in range(next(shares)):
            number = next(person)
            born = date(1935, 1, 1) + timedelta(days=number * 7919 % 32_000)
            first17 = f"330206{born:%Y%m%d}{number % 1000:03d}"
            name = SURNAMES[number % 20] + GIVEN[number // 20 % 36] + GIVEN[number // 720 % 36]
            sex = "男" if number % 2 else "女"
            own = [name, first17 + check_digit(first17), sex, f"{born:%Y-%m-%d}", f"154{number:08d}"]
            yield [*door, *own, RELATIONS[member], "户籍" if home % 3 else "流动", ""]


def _odd(line: Line) -> Line:
    """What people really write: a name with a space, a number with a small x or an apostrophe, a dashed telephone."""
    grid, micro_grid, number, address, dwelling, name, card, sex, born, phone, relation, residence, _note = line
    dashed = f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"
    spaced = f"{name[0]} {name[1:]}"
    return [
        *(grid, micro_grid, number, address, dwelling, spaced, f"'{card.lower()}", f"{sex}性", born.replace("-", "/")),
        *(dashed, relation, residence, "户口本已核"),
    ]


if __name__ == "__main__":
    main()
