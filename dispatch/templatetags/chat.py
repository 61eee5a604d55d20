"""A message as the chat group sees it: the little of Markdown that robots understand, made into safe HTML."""

import re
from itertools import groupby

from django import template
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_LINK = re.compile(r"\[([^\]]*)\]\((https?://[^)\s]+)\)")
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_HEADING = re.compile(r"#{1,6} +")
_ITEM = re.compile(r"(?:[-*]|\d+\.) +")


@register.filter
def as_chat(text: str) -> SafeString:
    """Headings, lists, bold and links. Everything is escaped first; only web addresses become links."""
    lines = [line.strip() for line in text.splitlines()]
    parts = []
    for is_item, group in groupby((line for line in lines if line), key=lambda line: bool(_ITEM.match(line))):
        inner = format_html_join("", "<li>{}</li>" if is_item else "{}", ((_line(line),) for line in group))
        parts.append(format_html("<ul>{}</ul>", inner) if is_item else inner)
    return format_html_join("", "{}", ((part,) for part in parts))


def _line(line: str) -> SafeString:
    if item := _ITEM.match(line):
        return _inline(line[item.end() :])
    if heading := _HEADING.match(line):
        return format_html('<p class="chat-title">{}</p>', _inline(line[heading.end() :]))
    return format_html("<p>{}</p>", _inline(line.removeprefix("> ")))


def _inline(text: str) -> SafeString:
    linked = _LINK.sub(r'<a href="\2" rel="noopener">\1</a>', str(escape(text)))
    return mark_safe(_BOLD.sub(r"<strong>\1</strong>", linked))
