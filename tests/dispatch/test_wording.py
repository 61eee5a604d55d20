"""No personal data leaves in a message: every function that words one is tried with names that would carry some."""

import inspect
from datetime import timedelta
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from dispatch import call_wording, order_wording, wording
from dispatch.escalation import wording as escalation_wording
from dispatch.wording import ItemLine, Items, Line, Message, Totals
from tests.dispatch.moments import friday

PHONE, DOCUMENT, EVIL = "13800001111", "33020619850307123X", "https://evil.example/"
HOSTILE = f"高田王村\n\n#### 张三 {PHONE} {DOCUMENT} [点我]({EVIL}) **急** @所有人 <b>"
NOW = friday("10:05")
FIGURES = {"due": 3, "due_closed": 1, "open": 2, "late": 1, "unsigned": 1}


class Told:
    """An incident of which only what may be told can be read: touching anything else is an error."""

    number, level = "20261120-330206003-0001", 3
    category = SimpleNamespace(name=HOSTILE)
    street = community = grid = SimpleNamespace(name=HOSTILE, kind="grid")


LINE = Line(Told.number, HOSTILE, HOSTILE, 3, NOW, True)
GIVEN = {
    **dict.fromkeys(("place", "sender", "caller", "target", "department"), HOSTILE),
    "places": [HOSTILE, HOSTILE],
    "departments": [HOSTILE, HOSTILE],
    **dict.fromkeys(("hour", "now", "line", "due_at", "at", "starts_at"), NOW),
    **dict.fromkeys(("frozen_at", "until", "sign_by"), NOW + timedelta(hours=1)),
    "totals": Totals(total=20, overdue=1, soon=1, unsigned=1, serious=1),
    "lines": [LINE],
    "items": Items(7, [ItemLine("督20261120-330206003-0001", HOSTILE, HOSTILE, NOW)]),
    "figures": FIGURES,
    "number": Told.number,
    "path": "queue/",
    "grade": 2,
    "incident": Told(),
}
"""What each parameter of a wording function is given. One that isn't here has to be judged: may a group read it?"""
CHOICES: dict[tuple[ModuleType, str], list[Any]] = {
    (order_wording, "act"): list(order_wording.OrderAct),
    (order_wording, "zone"): ["lockdown"],
    (call_wording, "kind"): [HOSTILE],
    (escalation_wording, "kind"): list(escalation_wording.Kind),
}


def functions() -> list:
    return [
        pytest.param(module, function, id=f"{module.__name__}.{name}")
        for module in (wording, order_wording, call_wording, escalation_wording)
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and inspect.signature(function).return_annotation is Message
    ]


def messages(module: ModuleType, function) -> list[Message]:
    """The function's messages for each choice of its one parameter that is a choice."""
    names = list(inspect.signature(function).parameters)
    facts = {name: CHOICES[module, name][0] if (module, name) in CHOICES else GIVEN[name] for name in names}
    chosen = next((name for name in names if (module, name) in CHOICES), "")
    return [function(**facts | {chosen: value}) for value in CHOICES[module, chosen]] if chosen else [function(**facts)]


@pytest.mark.parametrize(("module", "function"), functions())
def test_a_name_carries_nobodys_number_no_link_and_no_heading_into_a_message(module, function):
    for message in messages(module, function):
        said = f"{message.title}\n{message.text}"
        assert PHONE not in said
        assert DOCUMENT not in said
        assert f"]({EVIL}" not in said
        assert "\n" not in message.title
        assert sum(line.startswith("#") for line in message.text.splitlines()) <= 1
        assert "**" not in said
        assert "<b>" not in said


def test_every_wording_is_tried():
    assert len(functions()) >= 12
