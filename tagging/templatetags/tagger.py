"""What the tagger says, as it reads in a list."""

from collections.abc import Iterable

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from tagging.models import Suggestion

register = template.Library()


@register.filter
def listed(words: Iterable[str]) -> str:
    """燃气、泄漏. In the reader's language."""
    return pgettext("between names", ", ").join(words)


@register.filter
def in_full(said: Suggestion) -> str:
    """The whole suggestion in one sentence, for who rests on it: what, at which level, because of which words."""
    facts = {"kind": said.category, "level": said.category.level, "words": listed(said.words)}
    if said.is_sure:
        return _("Suggested: %(kind)s, level %(level)s; matched: %(words)s") % facts
    return _("Not sure; perhaps %(kind)s, level %(level)s; matched: %(words)s") % facts
