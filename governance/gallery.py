"""Every part of the pages on one page, with its states: where somebody who draws or builds pages looks first."""

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.messages import ERROR, INFO, SUCCESS, WARNING
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Theme
from clock import now
from incidents.workflow import Status

TILE_ICONS = {
    "light": "bulb",
    "fire": "flame",
    "waste": "trash",
    "noise": "volume",
    "dispute": "users-group",
    "water": "droplet",
}


class SampleForm(forms.Form):
    """One field of every sort."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is it"),
        widget=forms.RadioSelect,
        choices=[
            ("light", gettext_lazy("Street lamp out")),
            ("fire", gettext_lazy("Fire risk")),
            ("waste", gettext_lazy("Rubbish")),
            ("noise", gettext_lazy("Noise")),
            ("dispute", gettext_lazy("Dispute")),
            ("water", gettext_lazy("Leaking water")),
        ],
    )
    place = forms.CharField(label=gettext_lazy("Place"), help_text=gettext_lazy("As the people there would say it."))
    unit = forms.ChoiceField(
        label=gettext_lazy("Micro-grid"),
        choices=[("1", "牌门社区 第2网格 03微网格"), ("2", "高田王村 第1网格 01微网格")],
    )
    on = forms.DateField(label=gettext_lazy("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(
        label=gettext_lazy("What happened"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    answer = forms.ChoiceField(
        label=gettext_lazy("Result"),
        widget=forms.RadioSelect,
        choices=[("good", gettext_lazy("Solved")), ("part", gettext_lazy("Solved in part"))],
        required=False,
    )
    on_the_spot = forms.BooleanField(
        label=gettext_lazy("Handled on the spot"), required=False, widget=forms.CheckboxInput(attrs={"class": "switch"})
    )
    kept = forms.CharField(label=gettext_lazy("Held by"), required=False, disabled=True, initial="派出所 王队")
    photo = forms.FileField(label=gettext_lazy("Photo"), required=False)


def wrong_form() -> SampleForm:
    """The same form, come back with everything that can be wrong."""
    typed = {"place": "", "unit": "9", "on": "2026-13-40", "note": "……"}
    return SampleForm({f"wrong-{name}": value for name, value in typed.items()}, prefix="wrong")


def gallery(request: HttpRequest) -> HttpResponse:
    """The gallery, for staff and in a trial installation; nothing on it comes from the database."""
    if not (settings.TRIAL or request.user.is_staff):
        raise Http404
    return render(request, "gallery.html", sample(now()) | look(request))


def look(request: HttpRequest) -> dict[str, Any]:
    """The colours and the size of type asked for; without a wish, those of whoever looks."""
    theme = request.GET.get("theme") or getattr(request.user, "theme", "")
    large = request.GET.get("large") or ("yes" if getattr(request.user, "large_type", False) else "no")
    return {"theme": theme if theme in Theme else Theme.AUTO, "large": large == "yes"}


def sample(at: datetime) -> dict[str, Any]:
    """Made-up contents for every part, around one moment."""
    return {
        "at": at,
        "clocks": [
            {"due": at + timedelta(hours=5, minutes=8)},
            {"due": at + timedelta(minutes=42)},
            {"due": at - timedelta(hours=1, minutes=5)},
            {"due": at + timedelta(days=2, hours=3)},
        ],
        "earlier": at - timedelta(minutes=30),
        "later": at + timedelta(minutes=65),
        "rows": sample_rows(at),
        "page": Paginator(range(240), 50).page(2),
        "trail": [("大碶街道", "#"), ("牌门社区", "#"), ("第2网格", "#"), ("03微网格", "")],
        "events": sample_events(at),
        "photos": [{"url": "/static/img/favicon.svg", "alt": _("Photo")} for _index in range(3)],
        "form": SampleForm(),
        "wrong_form": wrong_form(),
        "tile_icons": TILE_ICONS,
        "nav_items": sample_places(),
        "phone_nav_items": sample_places()[:4],
        "statuses": Status.choices,
        "tones": [(tone, tone) for tone in ("waiting", "running", "done", "soon", "overdue", "idle")],
        "themes": Theme.choices,
        "said": [Message(tone, _("Sent.")) for tone in (SUCCESS, INFO, WARNING, ERROR)],
        "emergencies": [sample_order(at)],
        "hours": sample_hours(),
    }


def sample_order(at: datetime) -> dict[str, Any]:
    return {
        "unit": {"name": "大碶街道"},
        "scenario": "台风",
        "until": at + timedelta(hours=20),
        "authorised_by": "街道防汛防台指挥部",
    }


def sample_hours() -> list[dict[str, Any]]:
    """A day as it goes: reports before noon, the push before the close-out at 16:00, and an hour still open."""
    reported = (0, 0, 1, 0, 2, 5, 11, 17, 21, 18, 9, 6, 13, 16, 12, 8, 5)
    closed = (0, 0, 0, 1, 0, 2, 4, 9, 14, 16, 12, 7, 9, 15, 24, 29, None)
    overdue = (0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 2, 1, 1, 3, 2, 0, 0)
    return [
        {"name": f"{hour:02}:00", "reported": new, "closed": done, "overdue": late}
        for hour, (new, done, late) in enumerate(zip(reported, closed, overdue, strict=True))
    ]


def sample_rows(at: datetime) -> list[dict[str, Any]]:
    def row(minutes: int, level: int, subject: str, place: str, status: int, holder: str) -> dict[str, Any]:
        code, label = Status.choices[status]
        return locals() | {"due": at + timedelta(minutes=minutes), "code": code, "label": label}

    return [
        row(-12, 3, "燃气泄漏气味，楼道可闻到", "牌门社区 第2网格", 0, ""),
        row(18, 2, "夜间施工噪音扰民", "高田王村 第1网格", 1, "派出所 王队"),
        row(190, 1, "村口路灯不亮", "新村三组 微网格", 2, "市政维修 李师傅"),
        row(245, 4, "三楼阳台外墙瓷砖松动，有坠落危险，楼下为小学生放学必经之路", "灵峰社区 第3网格", 3, "综合执法队"),
    ]


def sample_events(at: datetime) -> list[dict[str, Any]]:
    return [
        {"at": at, "title": _("Signed"), "tone": "in_progress", "actor": "王建国", "post": "派出所", "gap": "18 分"},
        {
            "at": at - timedelta(minutes=18),
            "title": _("Dispatched"),
            "tone": "dispatched",
            "actor": "李敏",
            "post": "综合信息指挥室",
            "note": "请先到现场确认噪音来源，再与施工单位负责人联系。",
        },
        {
            "at": at - timedelta(days=1),
            "title": _("Reported"),
            "tone": "reported",
            "actor": "陈芳",
            "post": "新村三组 网格员",
        },
    ]


def sample_places() -> list[SimpleNamespace]:
    def place(icon: str, label: str, badge: int = 0, **marks: bool) -> SimpleNamespace:
        return SimpleNamespace(
            url="#", icon=icon, label=label, badge=badge, **({"active": False, "primary": False} | marks)
        )

    return [
        place("list-check", _("Today"), 4, active=True),
        place("plus", _("Report"), primary=True),
        place("sitemap", _("My area")),
        place("bell", _("Inbox"), 2),
        place("inbox", _("Queue"), 12),
        place("chart-bar", _("Board")),
        place("clipboard-check", _("Close-out")),
        place("settings", _("Configuration")),
    ]
