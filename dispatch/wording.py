"""What the robots say in a chat group: always Chinese, the language of the groups. Pure: no database.

Rule of every message (handbook, section 4.5): number, category, community and grid, level, time, link. No description,
no name, phone or document number, no door: group chats are where registers have leaked before.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import quote

from django.conf import settings
from django.utils import timezone, translation

from accounts.discreet_logs import starred
from clock import said
from dispatch.channels.wecom import MOST_MARKDOWN

_ROOM: Final = MOST_MARKDOWN - 100
"""What a digest may take, in bytes, so that WeCom's robot, with the keyword that it may ask for, shows all of it."""
LEVELS: Mapping[int, str] = {1: "一级", 2: "二级", 3: "三级", 4: "四级"}


@dataclass(frozen=True, slots=True)
class Line:
    """One incident in a digest."""

    number: str
    category: str
    place: str
    level: int
    due_at: datetime | None
    is_unsigned: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """How many incidents a digest is about, and why; one may count under several reasons."""

    total: int
    overdue: int
    soon: int
    unsigned: int
    serious: int


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One overdue supervision item in a digest."""

    number: str
    issue_type: str
    target: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Items:
    """How many supervision items are overdue, and those that have been for longest."""

    total: int = 0
    lines: Sequence[ItemLine] = ()


@dataclass(frozen=True, slots=True)
class Message:
    title: str
    text: str


def digest(
    place: str, hour: datetime, now: datetime, totals: Totals, lines: Sequence[Line], items: Items = Items()
) -> Message:
    """The hourly digest: the figures, the most pressing incidents with links, and how many more there are; then the
    supervision items that are overdue."""
    owed = [f"{totals.total} 件待办" if totals.total else "", f"督办件超时 {items.total} 件" if items.total else ""]
    title = f"{plain(place)} {timezone.localtime(hour):%H:%M} 整点提醒：{'，'.join(filter(None, owed))}"
    parts = [f"#### {title}"]
    if totals.total:
        parts += [_reasons(totals), *(f"{index}. {_line(line, now)}" for index, line in enumerate(lines, start=1))]
    if more := totals.total - len(lines):
        parts.append(f"另有 {more} 件，[查看全部]({link('queue/')})")
    text = "\n\n".join(parts)
    return Message(title, text + _overdue(items, room=_ROOM - len(text.encode())))


def day_warning(
    place: str, line: datetime, now: datetime, figures: Mapping[str, int], lines: Sequence[Line], *, path: str
) -> Message:
    """What must still be closed before the day's close-out: how many, the most pressing with links, how many more."""
    due = figures["due"]
    title = f"{plain(place)} 日清提醒：{timezone.localtime(line):%H:%M} 前应结未结 {due} 件"
    unsigned = f"，其中未签收 {figures['unsigned']} 件" if figures["unsigned"] else ""
    left = max(1, round((line - now).total_seconds() / 60))
    parts = [f"#### {title}", f"距日清还有 {left} 分钟，应结未结 {due} 件{unsigned}，请抓紧办理。"]
    parts += [f"{index}. {_line(each, now)}" for index, each in enumerate(lines, start=1)]
    if more := due - len(lines):
        parts.append(f"另有 {more} 件，[查看全部]({link(path)})")
    return Message(title, "\n\n".join(parts))


def close_out(place: str, due_at: datetime, frozen_at: datetime, figures: Mapping[str, int], *, path: str) -> Message:
    """The result of the day's close-out; a late one says when it was really taken."""
    line, taken = timezone.localtime(due_at), timezone.localtime(frozen_at)
    title = f"{plain(place)} {line.month}月{line.day}日 {line:%H:%M} 日清"
    due, in_time = figures["due"], figures["due_closed"]
    parts = [
        f"#### {title}",
        f"{line:%H:%M} 日清：应结 {due} 件，按时 {in_time} 件，未按时 {due - in_time} 件。",
        f"目前在办共 {figures['open']} 件，其中超时 {figures['late']} 件。",
    ]
    if (frozen_at - due_at).total_seconds() >= 300:
        parts.append(f"本次日清于 {taken.month}月{taken.day}日 {taken:%H:%M} 补记，数据为 {line:%H:%M} 时的情况。")
    if figures["late"]:
        parts.append("超时未结的，请责任单位说明原因。")
    parts.append(f"[查看日清情况]({link(path)})")
    return Message(title, "\n\n".join(parts))


def command(number: str, *, sender: str, due_at: datetime | None, path: str) -> Message:
    """A command went down the tree: the number alone, for its title and text may speak of somebody."""
    title = f"指令 {number}"
    parts = [f"#### {title}", f"发令单位：{plain(sender)}"]
    if due_at:
        due = timezone.localtime(due_at)
        parts.append(f"请于 {due.month}月{due.day}日 {due:%H:%M} 前签收。")
    parts.append(f"[查看指令]({link(path)})")
    return Message(title, "\n\n".join(parts))


def trial() -> Message:
    """Whether the channel works. Who pressed the button stays in the log."""
    title = "测试消息"
    parts = [
        f"#### {title}",
        "微格已接入本群，整点提醒、日清、督办等消息将发到这里。",
        "收到本条即表示通道正常，无需处理。",
    ]
    return Message(title, "\n\n".join(parts))


def link(path: str) -> str:
    """The full address of a page, as it stands in a message."""
    return f"{settings.SITE_URL}/{quote(path)}"


def time_left(due_at: datetime | None, now: datetime) -> str:
    """还剩 42 分, 超时 1 小时 05 分; nothing when no clock runs."""
    if due_at is None:
        return ""
    with translation.override("zh-hans"):
        return said.left(due_at - now)


def _reasons(totals: Totals) -> str:
    words = {
        "超时": totals.overdue,
        "一小时内到期": totals.soon,
        "超时未签收": totals.unsigned,
        "三级及以上": totals.serious,
    }
    return " · ".join(f"{word} {count} 件" for word, count in words.items() if count)


def _overdue(items: Items, *, room: int) -> str:
    """The block about items, with as many lines as `room` bytes hold; how many there are is said in any case.

    So the robot that takes least shows all of a digest with names of usual length, and needn't cut away its end.
    """
    if not items.total:
        return ""
    for shown in range(len(items.lines), -1, -1):
        parts = [f"督办件超时未整改 {items.total} 件，请责任单位抓紧整改。"]
        parts += [f"{index}. {_item_line(line)}" for index, line in enumerate(items.lines[:shown], start=1)]
        if more := items.total - shown:
            parts.append(f"{f'另有 {more} 件，' if shown else ''}[查看督办件]({link('supervision/')})")
        block = "".join(f"\n\n{part}" for part in parts)
        if len(block.encode()) <= room:
            break
    return block


def _item_line(line: ItemLine) -> str:
    due = timezone.localtime(line.due_at)
    facts = [
        f"[{line.number}]({link(f'supervision/{line.number}/')})",
        plain(line.issue_type),
        plain(line.target),
        f"整改期限 {due.month}月{due.day}日 {due:%H:%M}",
    ]
    return " · ".join(facts)


def _line(line: Line, now: datetime) -> str:
    facts = [
        f"[{line.number}]({link(f'incidents/{line.number}/')})",
        plain(line.category),
        LEVELS[line.level],
        plain(line.place),
        time_left(line.due_at, now),
        "未签收" if line.is_unsigned else "",
    ]
    return " · ".join(fact for fact in facts if fact)


def plain(words: str) -> str:
    """Names as one line of plain text: a name must not begin a list, a heading or a link, nor carry a number by which
    a person is reached or known."""
    return starred(" ".join(words.split())).translate(_LOOKALIKES)


_LOOKALIKES = str.maketrans({"[": "［", "]": "］", "(": "（", ")": "）", "*": "＊", "`": "｀", "<": "＜", ">": "＞"})
