"""Notices to whoever sent the file: what became of it, in numbers. No name of a person or of a file stands in them."""

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.inbox import tell
from households.models import RegisterLoad


def tell_ready(load: RegisterLoad) -> None:
    counts = {name: load.counts.get(name, 0) for name in ("new", "changed", "moved", "gone", "doubtful", "refused")}
    text = _(
        "Load {number} was read: {new} new, {changed} changed, {moved} moved, {gone} not in the file,"
        " {doubtful} doubtful, {refused} refused. Look at it and apply it."
    )
    _tell(load, format_lazy(text, number=load.pk, **counts))


def tell_refused(load: RegisterLoad) -> None:
    _tell(load, format_lazy(_("Load {number} could not be read. Its page says why."), number=load.pk), tone="error")


def tell_applied(load: RegisterLoad) -> None:
    counts = {name: load.counts.get(name, 0) for name in ("new", "changed", "moved", "refused")}
    text = _("Load {number} was applied: {new} new, {changed} changed, {moved} moved; {refused} rows were refused.")
    _tell(load, format_lazy(text, number=load.pk, **counts), tone="success")


def tell_held_up(load: RegisterLoad) -> None:
    _tell(load, format_lazy(_("Load {number} needs you: its page says why."), number=load.pk), tone="warning")


def tell_undone(load: RegisterLoad) -> None:
    text = _("Load {number} was undone: the register is as it was before.")
    _tell(load, format_lazy(text, number=load.pk), tone="success")


def tell_errors_written(load: RegisterLoad) -> None:
    _tell(load, format_lazy(_("The error workbook of load {number} is written: download it."), number=load.pk))


def _tell(load: RegisterLoad, text: Promise | str, *, tone: str = "info") -> None:
    if load.made_by is not None:
        tell(load.made_by, text, url=reverse("households:load", args=[load.key]), tone=tone)
