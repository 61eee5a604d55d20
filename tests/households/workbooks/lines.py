"""One line a person: with a household number, the head repeated, or the address alone."""

from dataclasses import replace
from datetime import date

from tests.households.workbooks.cast import COUNTY, Home, Person, Sent, changed, homes, with_check_digit
from tests.households.workbooks.paper import Formula, Sheet, csv_text, xls, xlsx

MALE_FEMALE = {"male": "男", "female": "女", "": ""}
WIDE_DIGITS = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def numbered_among_strangers() -> Sent:
    """A household number on each line, and beside the resident a dozen columns of somebody else's numbers."""
    people = homes(7, community="高塘社区", grid="第二网格", micro_grid="高塘三幢")
    header = [
        *("序号", "社区", "网格", "微网格", "户编号", "住址", "姓名", "监护人姓名", "监护人电话", "性别", "身份证号"),
        *("残疾证号", "配偶姓名", "配偶身份证号", "联系电话", "紧急联系人", "紧急联系人电话", "网格员", "网格员电话"),
        *("与户主关系", "备注"),
    ]
    sheet = Sheet("实有人口")
    sheet.title("高塘社区实有人口信息采集表", len(header))
    sheet.add(*header)
    sheet.add("", "必填", "必填", "必填", "必填", "如3幢2单元501室", "必填", "选填", *[""] * 2, "18位，文本格式")
    for home in people:
        for person in home.members:
            spouse = home.members[1] if person.relation == "户主" and len(home.members) > 1 else Person("", "")
            sheet.add(
                *(len(sheet.lines) - 2, home.community, home.grid, home.micro_grid, f"H{home.number}", home.door),
                *(person.name, "", "", MALE_FEMALE[person.sex], person.number),
                *(person.number + "43" if person.relation == "母亲" else "", spouse.name, spouse.number, person.phone),
                *(people[0].head.name, "13957400001", "乐敏", "13957400002", person.relation, ""),
            )
    return Sent("高塘社区实有人口.xlsx", xlsx(sheet), people)


def head_repeated_under_three_lines() -> Sent:
    """The head's name and number on each line, a header of three lines, sums and signatures at the end."""
    people = homes(6, start=20, community="富春社区", micro_grid="五号楼")
    sheet = Sheet("Sheet1")
    sheet.title("富春社区五号楼居民户籍登记表", 12)
    sheet.add("填报单位：富春社区居委会（盖章）", *[""] * 7, "填报日期：2026年3月5日")
    sheet.merges += [(1, 0, 1, 7), (1, 8, 1, 11)]
    top = sheet.add("序号", "户主情况", "", "家庭住址", "", "", "家庭成员基本情况", "", "", "", "", "联系方式")
    middle = sheet.add("", "姓名", "公民身份号码", "门牌", "", "", "姓名", "性别", "证件", "", "与户主关系", "")
    sheet.add("", "", "", "幢", "单元", "室", "", "", "公民身份号码", "出生日期", "", "")
    sheet.merges += [(top, 1, top, 2), (top, 3, top, 5), (top, 6, top, 10), (middle, 3, middle, 5)]
    sheet.merges += [(middle, 8, middle, 9), (top, 0, top + 2, 0), (top, 11, top + 2, 11)]
    sheet.merge_down(middle, middle + 1, 1, 2, 6, 7, 10)
    for home in people:
        for person in home.members:
            sheet.add(
                *(len(sheet.lines) - 4, home.head.name, home.head.number, home.building, home.stairwell, home.room),
                *(person.name, MALE_FEMALE[person.sex], person.number, person.born_on, person.relation, person.phone),
            )
    sheet.add("合计", f"{len(people)}户", "", "", "", "", f"{sum(len(home.members) for home in people)}人")
    sheet.add("填表人：乐敏", "", "", "审核人：贺强", "", "", "联系电话：0574-86880000")
    return Sent("五号楼登记表.xlsx", xlsx(sheet), people)


def damaged_numbers() -> Sent:
    """What Excel and typists do to numbers: some can be mended by reading, the others must go back."""
    people = homes(8, start=40, micro_grid="新村三组")
    people = [replace(home, address=f"新村三组{home.room}号") for home in people]
    sheet = Sheet("新村三组")
    sheet.add("户号", "姓名", "身份证件号", "手机", "家庭关系", "家庭住址")
    shapes = (
        lambda number: "'" + number,
        lambda number: f" {number[:6]} {number[6:14]} {number[14:]} ",
        lambda number: number.translate(WIDE_DIGITS),
        lambda number: number.lower(),
        lambda number: number,
    )
    told = []
    for at, home in enumerate(people):
        kept = home
        for place, person in enumerate(home.members):
            number: object = shapes[(at + place) % len(shapes)](person.number)
            if place == 0 and at == 2:
                number, refused = float(person.number[:15] + "000"), "number_damaged"
            elif place == 0 and at == 4:
                number, refused = f"{float(person.number[:17] + '0'):.5E}", "number_damaged"
            elif place == 0 and at == 5:
                number, refused = person.number[:17] + ("1" if person.number[17] != "1" else "2"), "number_check_digit"
            elif place == 0 and at == 6:
                number, refused = person.number[:16], "number_length"
            else:
                refused = ""
            kept = changed(kept, place, refused=refused)
            phone = f"{person.phone[:3]}-{person.phone[3:7]}-{person.phone[7:]}" if person.phone else "无"
            both = f"{person.phone}、0574-8688{at:04d}" if place == 1 and person.phone else phone
            sheet.add(home.number, person.name, number, both, person.relation, home.address)
        told.append(kept)
    return Sent("三组.xlsx", xlsx(sheet), told)


def old_numbers_and_doors_in_three_cells() -> Sent:
    """Fifteen digits of the nineties, telephones as numbers, building, stairwell and room each in a column."""
    people = homes(9, start=60, grid="一网格")
    told = []
    sheet = Sheet("一网格")
    sheet.title("紫荆公寓住户信息", 9)
    sheet.add("所属网格", "楼栋号", "单元号", "房号", "居民姓名", "关系", "公民身份证号码", "联系电话", "房屋性质")
    for home in people:
        kept = replace(home, dwelling="rented" if home.number.endswith("3") else "owned")
        for place, person in enumerate(home.members):
            is_old = person.born_on is not None and person.born_on < date(1960, 1, 1)
            if is_old:
                kept = changed(kept, place, number=person.old_number)
            sheet.add(
                *(home.grid, home.building, home.stairwell, home.room, person.name, person.relation),
                *(person.old_number if is_old else person.number, int(person.phone) if person.phone else ""),
                "出租" if kept.dwelling == "rented" else "自住",
            )
        told.append(kept)
    compared = frozenset({"name", "number", "sex", "born_on", "relation", "phone", "dwelling"})
    return Sent("紫荆公寓.xlsx", xlsx(sheet), told, compared=compared)


_DATES = (
    lambda day: day,
    lambda day: f"{day:%Y-%m-%d}",
    lambda day: f"{day.year}/{day.month}/{day.day}",
    lambda day: f"{day.year}.{day.month}.{day.day}",
    lambda day: f"{day.year}年{day.month}月{day.day}日",
    lambda day: f"{day:%Y%m%d}",
    lambda day: int(f"{day:%Y%m%d}"),
    lambda day: (day - date(1899, 12, 30)).days,
    lambda day: f"{day.year} {day.month} {day.day}",
    lambda day: f"{day:%Y-%m-%d} 00:00:00",
    lambda day: f"{day.year}．{day.month}．{day.day}".translate(WIDE_DIGITS),
    lambda day: f"{day.year}-{day.month}-{day.day}",
)
_RELATIONS = {
    "户主": ("户主", "本人"),
    "配偶": ("妻", "之妻", "户主之妻", "老婆"),
    "子": ("长子", "儿子", "次子", "大儿子"),
    "女": ("长女", "女儿", "二女儿"),
    "儿媳": ("儿媳妇", "媳妇"),
    "孙子": ("长孙", "孙"),
    "孙女": ("孙女", "长孙女"),
    "父亲": ("父", "爸爸"),
    "母亲": ("母", "妈妈"),
}


def dates_in_twelve_spellings() -> Sent:
    """Birth dates as texts, serials and dates, and half of the people without a document."""
    people = homes(12, start=80, micro_grid="牌门村二组")
    told = []
    sheet = Sheet("牌门村二组")
    sheet.add("户序号", "成员姓名", "性别", "生日", "成员关系", "身份证", "电话", "入住时间", "户口所在")
    line = 0
    for home in people:
        kept = home
        for place, person in enumerate(home.members):
            without = line % 2 == 1
            moved = date(2015 + line % 9, line % 12 + 1, line % 27 + 1)
            kept = changed(kept, place, moved_in_on=moved, **({"number": ""} if without else {}))
            spellings = _RELATIONS[person.relation]
            relation = spellings[line % (2 if person.relation == "配偶" and person.sex == "male" else len(spellings))]
            sheet.add(
                *(int(home.number), person.name, MALE_FEMALE[person.sex], _DATES[line % 12](person.born_on)),
                *("儿媳妇" if relation == "媳妇" else relation, "" if without else person.number, person.phone),
                *(_DATES[(line + 5) % 12](moved), "本村"),
            )
            line += 1
        told.append(replace(kept, address=f"户号{int(home.number)}"))
    compared = frozenset({"name", "number", "sex", "born_on", "relation", "phone", "moved_in_on"})
    return Sent("牌门村二组户籍.xlsx", xlsx(sheet), told, compared=compared)


def doors_in_many_spellings() -> Sent:
    """The address alone tells households apart, and no two lines of one door spell it alike. Two columns 备注."""
    spellings = (
        lambda home: f"{home.building}-{home.stairwell}-{home.room}",
        lambda home: f"{home.building}幢{home.stairwell}单元{home.room}室",
        lambda home: f"{home.building}号楼{home.stairwell}单元{home.room}",
        lambda home: f"{home.building}栋-{home.stairwell}-{home.room}室".translate(WIDE_DIGITS),
        lambda home: f"大碶街道富春社区{home.building}幢{home.stairwell}单元{home.room}室",
    )
    people = homes(8, start=110, community="富春社区")
    sheet = Sheet("2026年")
    sheet.title("富春社区居民花名册", 7)
    sheet.add("楼栋房号", "名字", "性别", "身份证号码", "备注", "联系方式", "备注")
    for home in people:
        for place, person in enumerate(home.members):
            marked = f"{person.name}（户主）" if person.relation == "户主" else person.name
            spelling = spellings[place % len(spellings)](home)
            sheet.add(spelling, marked, MALE_FEMALE[person.sex], person.number, "", person.phone, "")
    people = [
        replace(home, members=tuple(replace(p, relation="户主" if p.relation == "户主" else "") for p in home.members))
        for home in people
    ]
    return Sent("花名册.xls", xls(sheet), people)


_OF_THE_SYSTEM = {
    "民族": "汉族",
    "政治面貌": "群众",
    "婚姻状况": "已婚",
    "登记人": "乐敏",
    "登记人电话": "13957400002",
    "登记时间": "2026-01-05",
    "户籍地址": "浙江省宁波市北仑区大碶街道",
    "医保卡号": "A330200001",
    "银行卡号": "6228480318000000000",
    "开户行": "农业银行",
    "车牌号": "浙B12345",
    "经度": 121.84,
    "纬度": 29.9,
}


def a_hundred_columns() -> Sent:
    """The export of a system: a hundred columns, codes for places, lines hidden by a filter."""
    people = homes(6, start=140, micro_grid="330206002001001005")
    wanted = ["微网格编码", "户id", "xm", "gmsfhm", "sjh", "xb", "yhzgx", "xzz"]
    others = [
        *(
            "婚姻状况",
            "民族",
            "政治面貌",
            "文化程度",
            "职业",
            "工作单位",
            "单位电话",
            "籍贯",
            "宗教信仰",
            "血型",
            "身高",
        ),
        *("兵役状况", "曾用名", "户籍地址", "低保证号", "医保卡号", "车牌号", "银行卡号", "开户行", "残疾等级"),
        *("登记人", "登记人电话", "登记时间", "更新时间", "审核人", "审核时间", "数据来源", "经度", "纬度", "健康状况"),
    ]
    header = [*wanted[:4], *others, *wanted[4:]]
    header += [f"扩展字段{number}" for number in range(1, 101 - len(header))]
    sheet = Sheet("export", hidden_lines=(3, 4, 5))
    sheet.add(*header)
    for home in people:
        for person in home.members:
            known = (
                *(home.micro_grid, f"330206{home.number}", person.name, person.number),
                *(person.phone, "1" if person.sex == "male" else "2", person.relation, home.door),
            )
            told = _OF_THE_SYSTEM | dict(zip(wanted, known, strict=True))
            sheet.add(*(told.get(name, "") for name in header))
    return Sent("export_20260301.xlsx", xlsx(sheet), people)


def formulas_and_links() -> Sent:
    """Cells that are computed, one from another workbook, one with an error."""
    people = homes(5, start=170, micro_grid="幸福里一幢")
    told = []
    sheet = Sheet("幸福里一幢")
    sheet.add("户号", "姓名", "身份证号", "性别", "关系", "电话", "地址")
    for home in people:
        kept = home
        for place, person in enumerate(home.members):
            line = len(sheet.lines) + 1
            broken = home.number == people[2].number and place == 0
            if broken:
                kept = changed(kept, place, refused="formula_error")
            number = Formula("=VLOOKUP(B2,'[户籍.xlsx]S'!A:C,3,0)", "#N/A" if broken else person.number)
            sex = Formula(f'=IF(MOD(MID(C{line},17,1),2),"男","女")', "#N/A" if broken else MALE_FEMALE[person.sex])
            sheet.add(home.number, person.name, number, sex, person.relation, person.phone, home.door)
        told.append(kept)
    return Sent("幸福里.xlsm", xlsx(sheet), told)


def without_a_header() -> Sent:
    """A list that somebody pasted into a text file: no header at all."""
    people = homes(10, start=190, community="青林湾社区", grid="第四网格")
    lines = [
        [home.door, person.name, person.relation, person.number, person.phone]
        for home in people
        for person in home.members
    ]
    return Sent("青林湾社区第四网格.csv", csv_text(lines, encoding="utf-8-sig"), people)


def key_people() -> Sent:
    """A list of those who need a visit: tags, the disability number that begins like an identity card's, contacts."""
    people = homes(9, start=220, community="高塘社区")
    kinds = (
        ("独居老人", ("elderly_alone",)),
        ("残疾人", ("disabled",)),
        ("低保、残疾", ("minimum_living", "disabled")),
        ("", ()),
    )
    told = []
    sheet = Sheet("关爱对象")
    sheet.title("高塘社区重点关爱人员名册", 11)
    sheet.add(
        *("序号", "所属微网格", "姓名", "身份证号码", "本人电话", "现住址", "人员类别", "残疾证号"),
        *("监护人姓名", "监护人身份证号", "监护人联系方式"),
    )
    for at, home in enumerate(people):
        words, codes = kinds[at % len(kinds)]
        person = replace(home.head, relation="", tags=codes)
        guardian = home.members[-1]
        disability = person.number + "4" + str(at % 4 + 1) if "残疾" in words else ""
        sheet.add(
            *(at + 1, f"{home.building}号楼", person.name, person.number, person.phone, home.door, words, disability),
            *(guardian.name, guardian.number, guardian.phone),
        )
        told.append(replace(home, members=(person,), micro_grid=f"{home.building}号楼"))
    compared = frozenset({"name", "number", "phone", "tags"})
    return Sent("重点关爱人员.xlsx", xlsx(sheet), told, corrections=[(0, 6, "tags")], compared=compared)


def floating_with_landlords() -> Sent:
    """Tenants of all countries: passports and permits, landlords, the place in the title alone."""
    people = homes(6, start=250)
    strangers = (
        Person("SMITH JOHN", "AB1234567", "male", date(1988, 5, 6), document="passport"),
        Person("陈大文", "H12345678", "male", date(1979, 11, 2), document="permit"),
        Person("阿卜杜拉·买买提", with_check_digit("65310119920304021"), "male", date(1992, 3, 4)),
    )
    kinds = {"passport": "护照", "permit": "港澳居民来往内地通行证", "id_card": "居民身份证"}
    words = {"foreign": "境外人员", "hmt": "港澳台", "floating": "流动人口"}
    landlord = ("贺国庆", with_check_digit(f"{COUNTY}19600708101"))
    told: list[Home] = []
    sheet = Sheet("流动人口")
    sheet.title("新碶街道高塘社区第三网格流动人口登记表", 13)
    sheet.add(
        *("序号", "房东姓名", "房东身份证号", "房东电话", "租住地址", "租客姓名", "证件类型", "证件号码", "性别"),
        *("出生日期", "租客手机号", "来本地日期", "人口类型"),
    )
    for at, home in enumerate(people):
        here = [strangers[at] if at < 3 else home.head, *home.members[1:]]
        members = tuple(
            replace(
                person,
                relation="",
                moved_in_on=date(2024, at + 1, 15),
                residence={"passport": "foreign", "permit": "hmt"}.get(person.document, "floating"),
            )
            for person in here
        )
        phone = f"1395740{at:04d}"
        home = replace(home, members=members, community="高塘社区", grid="第三网格")
        told.append(replace(home, landlord_name=landlord[0], landlord_phone=phone))
        for person in members:
            sheet.add(
                *(len(sheet.lines) - 1, *landlord, phone, home.door, person.name, kinds[person.document]),
                *(person.number, MALE_FEMALE[person.sex], person.born_on, person.phone, person.moved_in_on),
                words[person.residence],
            )
    compared = frozenset(
        {"name", "number", "sex", "born_on", "phone", "document", "residence", "moved_in_on", "landlord_name"}
    )
    return Sent("流动人口.xlsx", xlsx(sheet), told, compared=compared | {"landlord_phone"})
