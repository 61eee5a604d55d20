"""One text in the Markdown that all robots share, fitted to what each of them takes."""

import json
import re
from typing import Final

MORE: Final = "…更多"
BUTTON: Final = "查看"
_LINK: Final = re.compile(r"\[([^\]]*)\]\((https?://[^)\s]+)\)")
_HEADING: Final = re.compile(r"^#{1,6} +", re.MULTILINE)


def cut(text: str, most: int, more: str) -> str:
    """`text` in at most `most` bytes of UTF-8; when it is longer, cut between characters and followed by `more`.

    The cut moves back to the end of a paragraph when that costs less than half of the room: half a link is no link.
    """
    raw = text.encode()
    if len(raw) <= most:
        return text
    kept = raw[: max(0, most - len(more.encode()))].decode(errors="ignore")
    whole, _gap, _rest = kept.rpartition("\n\n")
    return (whole if len(whole) * 2 > len(kept) else kept) + more


def cut_for_json(text: str, most: int, more: str) -> str:
    """`cut` for a limit that counts the body as it travels, with line ends and quotes escaped."""
    escapes = len(json.dumps(text, ensure_ascii=False).encode()) - 2 - len(text.encode())
    return cut(text, most - escapes, more)


def more_link(url: str) -> str:
    """The end of a Markdown text that was cut."""
    return f"\n\n[{MORE}]({url})" if url else f"\n\n{MORE}"


def plain(text: str) -> str:
    """The text without marks; a link keeps its address behind its words."""
    text = _HEADING.sub("", _LINK.sub(r"\1 \2", text))
    return text.replace("**", "").replace("\n\n", "\n")


def apart_from_button(text: str, url: str) -> tuple[str, str]:
    """The text without the paragraph that is nothing but the link to `url`, and what that link says.

    A button says it instead, or the end of a text that was cut; without such a paragraph both are as they were.
    """
    kept, words = [], BUTTON
    for paragraph in text.split("\n\n"):
        link = _LINK.fullmatch(paragraph.strip())
        if link and link[2] == url:
            words = link[1]
        else:
            kept.append(paragraph)
    return "\n\n".join(kept), words


def with_keyword(text: str, keyword: str) -> str:
    """A robot with a keyword takes only messages that contain it."""
    return text if not keyword or keyword in text else f"{text}\n\n{keyword}"


def without_heading(text: str, title: str) -> str:
    """The text without its first line where that repeats the title, for what shows the title by itself."""
    first, _gap, rest = text.partition("\n\n")
    return rest if rest and _HEADING.sub("", first).strip() == title else text


def bold_headings(text: str) -> str:
    """Headings as bold lines, for robots that know no headings."""
    return re.sub(r"^#{1,6} +(.+)$", r"**\1**", text, flags=re.MULTILINE)
