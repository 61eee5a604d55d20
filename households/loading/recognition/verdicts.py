"""Whether a sheet is a register, and the words for it: why a sheet isn't read, why a column was taken or left out."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from households.loading.fields import Field
from households.loading.plan import ColumnPlan, SheetPlan
from households.loading.recognition import guesses

EMPTY = "empty"
NO_LINES = "no_lines"
NO_HEADER = "no_header"
NO_NAME = "no_name"
NO_HOUSEHOLD = "no_household"
LEGEND = "legend"
STATISTICS = "statistics"
ATTENDANCE = "attendance"
STAFF = "staff"
ORGANISATIONS = "organisations"
ASSETS = "assets"
SIDE_BY_SIDE = "side_by_side"
HEADS_APART = "heads_apart"
FORMS = "forms"

_SORTS = (
    (
        LEGEND,
        re.compile(r"说明|图例|字典|代码表|下拉|选项|须知|数据源|参数|legend|readme|instruction", re.IGNORECASE),
        1,
    ),
    (ATTENDANCE, re.compile(r"考勤|签到|签退|值班|排班|出勤|缺勤|请假|打卡"), 1),
    (STATISTICS, re.compile(r"统计|汇总|户数|人数|人口数|总数|总人口|合计|小计|占比|百分比|比例"), 2),
    (ORGANISATIONS, re.compile(r"单位名称|企业名称|信用代码|法人|法定代表人|营业执照|店铺|商户|经营"), 1),
    (ASSETS, re.compile(r"物资|物品|资产|设备|设施|数量|规格|型号|库存|单价|存放"), 2),
    (STAFF, re.compile(r"网格长|网格员|微网格长|志愿者|职务|岗位|花名册|通讯录"), 1),
)
"""By words in the sheet's name, title and header, and how many different ones it takes."""
_DAY = re.compile(r"(?:[1-9]|[12]\d|3[01])(?:日|号)?|(?:星期|周)[一二三四五六日天]|\d{1,2}月\d{1,2}日")
DAYS_OF_ATTENDANCE = 5
HOMES = frozenset({Field.HOUSEHOLD_NUMBER, Field.ADDRESS, Field.ROOM})
WHO_BESIDES_THE_NAME = frozenset({Field.NUMBER, Field.PHONE, Field.RELATION, Field.SEX})


def judge(sheet: SheetPlan, texts: Sequence[str] = ()) -> None:
    """Set `is_register` and `refusal` by the columns as they are now.

    `texts` from the top of a sheet without a header help to say what it is instead.
    """
    fields = {column.field for column in sheet.columns}
    if Field.NAME not in fields:
        sheet.refusal = sort_of(sheet, texts) or (NO_NAME if sheet.header_from else NO_HEADER)
    elif not sheet.shape:
        sheet.refusal = sort_of(sheet) or NO_HOUSEHOLD
    else:
        sheet.refusal = ""
    sheet.is_register = not sheet.refusal


def doubt(sheet: SheetPlan, loss: str = "") -> None:
    """Refuse what has names and addresses and yet is no register, or would lose people. Asked once, before the user has
    had a say. `loss`: the code of a refusal because of what would be lost.
    """
    fields = {column.field for column in sheet.columns}
    words = [word for column in sheet.columns for word in column.words[-1:]]
    if sum(bool(_DAY.fullmatch(word)) for word in words) >= DAYS_OF_ATTENDANCE:
        sheet.refusal = ATTENDANCE
    elif _is_printed_in_halves(sheet):
        sheet.refusal = SIDE_BY_SIDE
    elif loss:
        sheet.refusal = loss
    elif not sheet.header_from and not fields & WHO_BESIDES_THE_NAME:
        sheet.refusal = sort_of(sheet) or NO_HEADER
    sheet.is_register = not sheet.refusal


def _is_printed_in_halves(sheet: SheetPlan) -> bool:
    """Two lists beside each other, as on a printed page: names and homes come again in further columns."""
    names, homes = ([column for column in sheet.columns if column.field in wanted] for wanted in ({Field.NAME}, HOMES))
    again = {
        word for column in sheet.columns if column.reason == guesses.REASON_DUPLICATE for word in column.words[-1:]
    }
    has_names = len(names) > 1 or any(word in again for column in names for word in column.words[-1:])
    return has_names and any(word in again for column in homes for word in column.words[-1:])


def sort_of(sheet: SheetPlan, texts: Sequence[str] = ()) -> str:
    """What sort of sheet it is if not a register: a code, or "" when its words say nothing."""
    if any(column.field == Field.NAME for column in sheet.columns):
        texts = [sheet.name, sheet.title]  # a list of people has 说明 and 法人 among its columns
    else:
        texts = [sheet.name, sheet.title, *texts, *(word for column in sheet.columns for word in column.words)]
    for code, pattern, least in _SORTS:
        if len({match for text in texts for match in pattern.findall(text)}) >= least:
            return code
    return ""


def why_not(sheet: SheetPlan) -> str:
    """In the reader's language: why this sheet isn't read as a register, and what to do. "" when it is."""
    texts = {
        EMPTY: _("The sheet is empty."),
        NO_LINES: _("There is a header, but no line below it."),
        NO_HEADER: _(
            "No header was found. Put the names of the columns (姓名, 身份证号, 与户主关系, 现住址 …)"
            " on one line above the people."
        ),
        NO_NAME: _(
            "No column holds the residents' names. Choose it below, or write 姓名 over it and send the file again."
        ),
        NO_HOUSEHOLD: _(
            "Nothing tells which people live together. Choose the column with the address, the household number or the"
            " head of the household."
        ),
        LEGEND: _("This is an explanation, not a list of people."),
        STATISTICS: _("These are figures, not a list of people. Figures are counted by the system itself."),
        ATTENDANCE: _("This is a list of attendance or duty, not a register of residents."),
        STAFF: _("This is a list of staff. Load it under posts, not as a register of residents."),
        ORGANISATIONS: _("This is a list of organisations. Load it under key organisations."),
        SIDE_BY_SIDE: _(
            "Two lists stand side by side on this sheet. Put the right one below the left one and send the file again."
        ),
        HEADS_APART: _(
            "The heads of the households stand in columns of their own and not among the people, so they would be left"
            " out. Give each head a line of its own, with 户主 as the relation, and send the file again."
        ),
        FORMS: _(
            "Each household stands on a form of its own. Put everybody into one table, a line for each person with the"
            " address, and send the file again. The blank workbook has the columns."
        ),
        ASSETS: _("This is a list of goods or facilities, not of people."),
    }
    return texts.get(sheet.refusal, sheet.refusal)


def why(column: ColumnPlan) -> str:
    """In the reader's language: why a column was taken for what it is, or left out."""
    return {
        guesses.REASON_NAME: pgettext("column", "By its name"),
        guesses.REASON_BOTH: pgettext("column", "By its name and its cells"),
        guesses.REASON_CONTENT: pgettext("column", "By its cells"),
        guesses.REASON_SOMEBODY_ELSE: _("Belongs to somebody else than the resident"),
        guesses.REASON_FOREIGN: _("Not kept in the register"),
        guesses.REASON_UNKNOWN: _("Not known"),
        guesses.REASON_VAGUE: _("The name says too little and the cells decide nothing"),
        guesses.REASON_DIFFERS: _("The cells don't fit the name"),
        guesses.REASON_DUPLICATE: _("Another column holds the same"),
        guesses.REASON_SEVERAL: _("Several people in one cell: give each of them a line"),
        guesses.REASON_FIRST: _("The first of several columns of this name. Check it."),
        guesses.REASON_REMEMBERED: _("As corrected last time"),
        guesses.REASON_CORRECTED: _("Chosen by hand"),
    }.get(column.reason, "")


def columns_in_doubt(sheet: SheetPlan, *, below: float = 0.7) -> Sequence[ColumnPlan]:
    """The columns that the user should look at first."""
    return [column for column in sheet.columns if column.field and not column.corrected and column.confidence < below]
