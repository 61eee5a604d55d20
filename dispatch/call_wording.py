"""What the robots say about supervision items and whistles: Chinese, pure, and no word of the matter itself.

The rule of every message (`dispatch.wording`): number, kind, who is called, due, link. The demand and the matter stay
on the page, for they may be about residents.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils import timezone

from dispatch.wording import Message, link, plain

_GRADES: Mapping[int, str] = {1: "常规哨", 2: "重点哨", 3: "疑难哨"}


def supervision_issued(number: str, *, kind: str, target: str, due_at: datetime, path: str) -> Message:
    title = f"督办件：{plain(kind)}"
    facts = [f"承办：{plain(target)}", f"整改期限：{_moment(due_at)}"]
    return _message(title, number, facts, "查看督办件", path)


def whistle_called(
    number: str, *, grade: int, caller: str, departments: Sequence[str], sign_by: datetime | None, path: str
) -> Message:
    title = f"吹哨：{_GRADES[grade]}"
    facts = [f"吹哨单位：{plain(caller)}", f"请报到：{'、'.join(map(plain, departments))}"]
    return _message(title, number, [*facts, *([f"签收期限：{_moment(sign_by)}"] if sign_by else [])], "去报到", path)


def whistle_unsigned(number: str, *, grade: int, department: str, due_at: datetime, path: str) -> Message:
    title = f"吹哨超时未签收：{plain(department)}"
    return _message(title, number, [_GRADES[grade], f"签收期限：{_moment(due_at)}"], "查看吹哨", path)


def _message(title: str, number: str, facts: Sequence[str], word: str, path: str) -> Message:
    return Message(title, "\n\n".join([f"#### {title}", number, *facts, f"[{word}]({link(path)})"]))


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local.month}月{local.day}日 {local:%H:%M}"
