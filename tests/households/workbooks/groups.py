"""Households as groups of lines, or all on one line."""

from collections.abc import Sequence
from dataclasses import replace

from tests.households.workbooks.cast import Home, Person, Sent, homes
from tests.households.workbooks.lines import MALE_FEMALE
from tests.households.workbooks.paper import Sheet, csv_text, html, xls, xlsx


def merged_with_the_header_again() -> Sent:
    """Printed pages put together, from an old Excel: household cells merged, the header again on each page."""
    people = homes(8, start=300, community="石湫社区", micro_grid="1号楼")
    header = ["户号", "地址", "户主", "姓名", "性别", "身份证号码", "关系", "手机号码"]
    sheet = Sheet("1号楼")
    sheet.title("石湫社区居民住户情况登记表", len(header))
    for at, home in enumerate(people):
        if at % 4 == 0:
            sheet.add(*header)
        first = len(sheet.lines)
        for person in home.members:
            outer = [int(home.number), home.door, home.head.name] if person is home.head else [""] * 3
            sheet.add(*(*outer, person.name, MALE_FEMALE[person.sex], person.number, person.relation, person.phone))
        sheet.merge_down(first, len(sheet.lines) - 1, 0, 1, 2)
        if at % 4 == 3:
            sheet.add("本页小计", "", "", f"{at % 4 + 1}户")
    return Sent("石湫社区1号楼.xls", xls(sheet), people)


def first_line_only() -> Sent:
    """The village's own table as text, in the encoding of a Chinese Excel: the household on its first line only."""
    people = homes(9, start=330, micro_grid="")
    people = [
        replace(home, address=f"邬家{home.room}号", micro_grid="四组" if at < 4 else "五组")
        for at, home in enumerate(people)
    ]
    lines: list[list] = [
        ["2026年邬家村农户花名册"],
        ["户数", "组别", "门牌号", "姓名", "与户主关系", "身份证号", "联系号码"],
    ]
    for at, home in enumerate(people):
        group = home.micro_grid if at in (0, 4) else ""
        for person in home.members:
            outer = [at + 1, group, home.address] if person is home.head else ["", "", ""]
            lines.append([*outer, person.name, person.relation, "\t" + person.number, person.phone])
    lines.append(["合计", "", "", f"{len(people)}户", "", "", ""])
    told = [replace(home, community="邬家村") for home in people]
    return Sent("农户花名册.csv", csv_text(lines), told)


def head_first_on_three_sheets() -> Sent:
    """A sheet a group, 户主 first and members below; a hidden dictionary and a legend beside."""
    told: list[Home] = []
    sheets = [
        Sheet("填表说明", lines=[["填表说明"], ["1. 身份证号请按文本填写"], ["2. 与户主关系：户主、配偶、子、女"]])
    ]
    for number, group in enumerate("一二三"):
        sheet = Sheet(f"新村{group}组")
        sheet.title("新村居民信息台账", 6)
        sheet.add("姓名", "与户主关系", "公民身份号码", "性别", "手机", "门牌")
        for home in homes(4, start=360 + number * 10):
            home = replace(home, address=f"{home.room}号", community="新村", micro_grid=f"新村{group}组")
            told.append(home)
            for person in home.members:
                door = home.address if person is home.head else ""
                sheet.add(*(person.name, person.relation, person.number, MALE_FEMALE[person.sex], person.phone, door))
        sheets.append(sheet)
    sheets.append(Sheet("字典", lines=[["性别", "关系"], ["男", "户主"], ["女", "配偶"]], is_hidden=True))
    return Sent("新村台账.xlsx", xlsx(*sheets), told)


def _padded(members: Sequence[Person], many: int) -> list[Person]:
    return [*members, *[Person("")] * (many - len(members))][:many]


def members_side_by_side() -> Sent:
    """One line a household, members numbered in the names of the columns."""
    people = homes(9, start=400, community="高塘社区", grid="五网格", micro_grid="五网格1组")
    header = ["网格", "微网格", "地址", "户主姓名", "户主身份证号", "户主电话"]
    for number in range(1, 6):
        header += [f"成员{number}姓名", f"成员{number}关系", f"成员{number}身份证号", f"成员{number}电话"]
    sheet = Sheet("五网格")
    sheet.title("高塘社区家庭信息一览表", len(header))
    sheet.add(*header)
    for home in people:
        head, *others = home.members
        cells = [home.grid, home.micro_grid, home.door, head.name, head.number, head.phone]
        for person in _padded(others, 5):
            cells += [person.name, person.relation, person.number, person.phone]
        sheet.add(*cells)
    return Sent("家庭信息.xlsx", xlsx(sheet), people)


def members_repeated_under_groups() -> Sent:
    """One line a household, the same four columns again and again under merged groups; village in the sheet's name."""
    people = homes(8, start=430, community="牌门村")
    sheet = Sheet("牌门村")
    top = ["序号", "门牌号", "联系电话"]
    below = ["", "", ""]
    for number in "一二三四五六":
        top += [f"家庭成员{number}", "", "", ""]
        below += ["姓名", "与户主关系", "性别", "身份证号"]
    sheet.add(*top)
    sheet.add(*below)
    sheet.merge_down(0, 1, 0, 1, 2)
    sheet.merges += [(0, column, 0, column + 3) for column in range(3, len(top), 4)]
    for at, home in enumerate(people):
        cells = [at + 1, home.door, home.head.phone]
        for person in _padded(home.members, 6):
            cells += [person.name, person.relation, MALE_FEMALE[person.sex], person.number]
        sheet.add(*cells)
    told = [
        replace(home, members=(home.head, *(replace(person, phone="") for person in home.members[1:])))
        for home in people
    ]
    return Sent("农户.xls", xls(sheet), told)


def _told(person: Person) -> tuple[str, str, str, str]:
    return person.name, person.relation, person.number, person.phone


def a_sheet_a_village() -> Sent:
    """Three villages, three secretaries, three orders of columns, in one old workbook."""
    told: list[Home] = []
    sheets = []
    orders = (
        ("户号", "姓名", "关系", "身份证", "电话", "住址"),
        ("住址", "户号", "身份证", "姓名", "电话", "关系"),
        ("姓名", "身份证", "电话", "住址", "户号", "关系"),
    )
    spellings = (
        {},
        {"户号": "家庭编号", "身份证": "公民身份证号", "关系": "家庭关系", "电话": "联系电话", "住址": "居住地址"},
        {"户号": "户口编号", "身份证": "证件号码", "关系": "成员关系", "电话": "移动电话", "住址": "家庭地址"},
    )
    for at, village in enumerate(("邬隘村", "横山村", "共同村")):
        sheet = Sheet(village)
        sheet.title(f"{village}户籍人口底册", 6)
        sheet.add(*(spellings[at].get(name, name) for name in orders[at]))
        for home in homes(5, start=460 + at * 10, community=village):
            home = replace(home, address=f"{village}{home.building}组{home.room}号", micro_grid="")
            told.append(home)
            for person in home.members:
                cells = dict(zip(orders[0], (home.number, *_told(person), home.address), strict=True))
                sheet.add(*(cells[name] for name in orders[at]))
        sheets.append(sheet)
    return Sent("三村底册.xls", xls(*sheets), told)


def place_in_the_file_name() -> Sent:
    """Semicolons, the place nowhere but in the file's name, the relation beside the name."""
    people = homes(8, start=500, community="青林湾社区", grid="第二网格")
    lines = [["姓名（关系）", "证件号码", "性别", "联系方式", "居住地址"]]
    for home in people:
        for person in home.members:
            lines.append(
                [f"{person.name}({person.relation})", person.number, MALE_FEMALE[person.sex], person.phone, home.door]
            )
    content = csv_text(lines, delimiter=";", encoding="utf-8")
    return Sent("青林湾社区第二网格居民台账(2026).csv", content, people)


def a_web_page() -> Sent:
    """What a web system calls Excel: a page with a table, household cells reaching down."""
    people = homes(7, start=530, grid="3网格", micro_grid="3网格2组")
    lines: list[list] = [
        ["所属网格", "所属微网格", "房屋地址", "户主姓名", "人员姓名", "证件号码", "与户主关系", "手机号"]
    ]
    spans = {}
    for home in people:
        if len(home.members) > 1:
            spans.update({(len(lines), column): len(home.members) for column in range(4)})
        for person in home.members:
            outer = [home.grid, home.micro_grid, home.door, home.head.name] if person is home.head else [""] * 4
            lines.append([*outer, person.name, person.number, person.relation, person.phone])
    return Sent("人口导出.xls", html(lines, spans), people)


def our_own_in_english() -> Sent:
    """Our own blank workbook in English, filled in."""
    people = homes(6, start=560, community="Gaotang", grid="Grid 2", micro_grid="Building 5")
    header = [
        *("Community", "Grid", "Micro-grid", "Address", "Use of the dwelling", "Name", "Relation to the head"),
        *("Kind of document", "Document number", "Sex", "Born on", "Phone", "Residence", "Note"),
    ]
    sheet = Sheet("Actual residents")
    sheet.add(*header)
    sheet.add(*["Required; choose from the list"] * 3, "Required; for example 3-2-501", *["Optional"] * 10)
    for home in people:
        for person in home.members:
            sheet.add(
                *(home.community, home.grid, home.micro_grid, home.door, "Owned", person.name, person.relation),
                *("Resident identity card", person.number, person.sex.title(), f"{person.born_on}", person.phone),
                *("Registered here", ""),
            )
    return Sent("residents.xlsx", xlsx(sheet), [replace(home, dwelling="owned") for home in people])
