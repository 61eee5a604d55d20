"""The tags and filters that every page is built with; `docs/howto/build-a-page.md` shows them at work.

They live in the lowest app that shows pages, so that every app above may load them. They know shapes, colours and
words, nothing of incidents: a page hands them plain values.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from clock import now, said

register = template.Library()


@register.simple_tag
def icon(name: str, size: str = "", label: str = "") -> SafeString:
    """One symbol of the sprite. Decoration by default; with `label` it speaks for itself to a screen reader."""
    classes = f"icon icon-{size}" if size else "icon"
    use = format_html('<use href="{}#{}"></use>', static("img/icons.svg"), name)
    if label:
        return format_html('<svg class="{}" role="img" aria-label="{}">{}</svg>', classes, label, use)
    return format_html('<svg class="{}" aria-hidden="true" focusable="false">{}</svg>', classes, use)


@register.inclusion_tag("components/_status.html")
def status(code: str, label: str) -> dict[str, str]:
    """A status as colour, sign and word. `code` picks the look (see the template), `label` is the word shown."""
    return {"code": str(code), "label": str(label)}


@register.inclusion_tag("components/_level.html")
def level(number: int) -> dict[str, int]:
    """An incident's level, 1 to 4, as a small numbered badge."""
    return {"level": number}


@register.inclusion_tag("components/_clock.html")
def clock(
    due: datetime | None, met: datetime | None = None, *, paused: bool = False, at: datetime | None = None
) -> dict[str, Any]:
    """The minutes left of a limit, or how it ended.

    `due` is the moment the limit ends (none: no limit runs), `met` the moment the work was done, `paused` says that the
    clock stands still. `at`: as it was at a past moment.
    """
    if due is None:
        return {"state": "none"}
    moment = timezone.localtime(due)
    if met is not None:
        return {"state": "late" if met > due else "met", "due": moment, "said": said.duration(met - due)}
    if paused:
        return {"state": "paused", "due": moment}
    span = due - (at or now())
    return {"state": said.state(span), "due": moment, "said": said.left(span)}


@register.filter
def time_left(due: datetime | None) -> str:
    """The words alone: "42 min left", "overdue 1 h 05 min"; nothing when no limit runs."""
    return said.left(due - now()) if due else ""


@register.filter
def ago(moment: datetime | None) -> str:
    """How long ago it was: "5 min ago"; nothing for nothing."""
    return said.ago(now() - moment) if moment else ""


@register.filter
def moment(at: datetime | None) -> SafeString:
    """A point in time as one reads it: "15:42" today, "11-20 15:42" this year; the full moment on hover.

    Digits only, year first: the same in both languages, and it sorts as it stands.
    """
    if at is None:
        return SafeString("")
    local, here = timezone.localtime(at), timezone.localtime(now())
    shape = "%H:%M" if local.date() == here.date() else "%m-%d %H:%M" if local.year == here.year else "%Y-%m-%d %H:%M"
    return format_html(
        '<time class="num" datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="minutes"),
        local.strftime("%Y-%m-%d %H:%M:%S"),
        local.strftime(shape),
    )


@register.simple_tag
def new_id() -> str:
    """An id for a form: shown again, it is another one."""
    return str(uuid.uuid4())


@register.simple_tag(takes_context=True)
def active(context: Context, *names: str) -> SafeString:
    """`aria-current="page"` when the page shown is one of the URL names; style sheets mark the current link by it."""
    match = getattr(context.get("request"), "resolver_match", None)
    return mark_safe('aria-current="page"') if match and match.view_name in names else SafeString("")


@register.filter
def item(mapping: Mapping[str, Any] | None, key: object) -> Any:
    """What a mapping holds under a key that only the template knows; nothing when there is no such key or mapping."""
    return (mapping or {}).get(str(key), "")


@register.filter
def draft_key(extra_tags: str) -> str:
    """The key of the draft that a message declares done: `messages.success(..., extra_tags="draft:report")`."""
    keys = (tag.removeprefix("draft:") for tag in extra_tags.split() if tag.startswith("draft:"))
    return next(keys, "")
