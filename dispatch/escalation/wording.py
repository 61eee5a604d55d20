"""What a rung of the ladder says: a notice in both languages, and a message for the groups, which is Chinese.

Number, category, place and time, and nothing else: the reason that somebody wrote stays on the incident's page.
"""

from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise, lazystr
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from dispatch.digest import area_of
from dispatch.models import Escalation
from dispatch.models.escalation import Tier
from dispatch.wording import LEVELS, Message, link, plain, time_left
from incidents.models import Incident

Kind = Escalation.Kind

_NOTICES: Final = {
    Kind.LADDER: _("Nobody acted in time: {number} {category}, {place}, due {due}. See to it."),
    Kind.UP: _("Reported up to you: {number} {category}, {place}, due {due}."),
    Kind.EXPRESS: _("Urgent, straight to the district: {number} {category}, {place}, due {due}."),
}
_COPY: Final = _("For your information, sent straight to the district: {number} {category}, {place}, due {due}.")
_STANDING_IN: Final = _("You stand in. {text}")
_TITLES: Final = {Kind.LADDER: "超时未办，逐级上报", Kind.UP: "上报上级", Kind.EXPRESS: "紧急直报"}


def notice(kind: str, incident: Incident, due_at: datetime | None, *, tier: Tier, stands_in: bool = False) -> Promise:
    """What the person who is told reads behind the bell; the street gets a copy of what goes to the district."""
    is_copy = kind == Kind.EXPRESS and tier == Tier.STREET
    text = format_lazy(
        _COPY if is_copy else _NOTICES[Kind(kind)],
        number=incident.number,
        category=lazystr(incident.category),
        place=area_of(incident, names_street=True),
        due=f"{timezone.localtime(due_at):%m-%d %H:%M}" if due_at else "—",
    )
    return format_lazy(_STANDING_IN, text=text) if stands_in else text


def group_message(kind: str, incident: Incident, due_at: datetime | None, now: datetime) -> Message:
    """What a group of the street or the district reads."""
    title = f"{_TITLES[Kind(kind)]}：{incident.number}"
    facts = [
        f"[{incident.number}]({link(path_of(incident))})",
        plain(incident.category.name),
        LEVELS[incident.level],
        plain(area_of(incident, names_street=True)),
        time_left(due_at, now),
    ]
    return Message(title, f"#### {title}\n\n" + " · ".join(fact for fact in facts if fact))


def path_of(incident: Incident) -> str:
    """The incident's page, as `link` takes it."""
    return f"incidents/{incident.number}/"
