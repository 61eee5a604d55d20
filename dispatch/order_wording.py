"""What the robots say about emergency and zone orders: Chinese, pure.

The rule of every message (`dispatch.wording`) holds: place, mode or zone, time, link. What the order is about and who
authorised it are typed freely and may name people; both stand on the page.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from django.utils import timezone

from dispatch.wording import Message, link, plain
from grids.signals import OrderAct

MOST_NAMED: Final = 5
_ZONES: Final = {"lockdown": "封控区", "control": "管控区", "precaution": "防范区"}
_MODES_PATH: Final = "modes/"


def mode_order(act: OrderAct, place: str, *, starts_at: datetime, until: datetime) -> Message:
    """An emergency was ordered, renewed or ended."""
    title = {
        OrderAct.ORDERED: f"{plain(place)} 转入应急模式",
        OrderAct.RENEWED: f"{plain(place)} 应急模式延长",
        OrderAct.ENDED: f"{plain(place)} 解除应急模式",
    }[act]
    when = (
        f"自 {_moment(until)} 起恢复常态。" if act == OrderAct.ENDED else f"{_moment(starts_at)} 至 {_moment(until)}。"
    )
    return _message(title, when, "查看命令", _MODES_PATH)


def mode_expires(place: str, *, until: datetime) -> Message:
    """An emergency is about to run out, and nobody has renewed it."""
    title = f"{plain(place)} 应急模式即将到期"
    return _message(title, f"{_moment(until)} 到期；仍需应急的，请在此之前续期。", "去续期", _MODES_PATH)


def mode_expired(place: str, *, until: datetime) -> Message:
    title = f"{plain(place)} 应急模式已到期"
    return _message(title, f"已于 {_moment(until)} 到期，恢复常态；仍需应急的，请重新下令。", "查看命令", _MODES_PATH)


def zone_order(act: OrderAct, zone: str, places: Sequence[str], *, at: datetime, path: str) -> Message:
    """Some places of a street come under a zone, or out of it."""
    word = "划定" if act == OrderAct.ORDERED else "解除"
    title = f"{word}{_ZONES[zone]}：{len(places)} 个单元"
    named = "、".join(map(plain, places[:MOST_NAMED]))
    more = f" 等 {len(places)} 个单元" if len(places) > MOST_NAMED else ""
    return _message(title, f"自 {_moment(at)} 起：{named}{more}。", "查看管控要求", path)


def _message(title: str, text: str, word: str, path: str) -> Message:
    return Message(title, "\n\n".join([f"#### {title}", text, f"[{word}]({link(path)})"]))


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local.month}月{local.day}日 {local:%H:%M}"
