"""Who is on duty, at the head of the command room's pages."""

from typing import Any

from django import template
from django.template import Context

import clock
from dispatch.duty.rooms import may_plan, rooms_of
from dispatch.overview.duty import room_now
from grids.models import Unit

register = template.Library()


@register.inclusion_tag("dispatch/duty/_line.html", takes_context=True)
def on_duty(context: Context, street: Unit | None = None, *, own: bool = False) -> dict[str, Any]:
    """Who is on duty in a street's room, in the district centre (no street), or in the user's `own` first room.

    In the own room a handover that waits is shown as well, to everybody but who handed over. One query.
    """
    user = context["user"]
    rooms = rooms_of(user)
    if own and not rooms:
        return {"room": None}
    # A template says "" for the street of no unit.
    room = rooms[0] if own else street or None
    now = room_now(room, clock.now())
    is_own = any(room == each for each in rooms)
    return {
        "now": now,
        "street": room,
        "may_plan": may_plan(user, room),
        "to_take": now.waiting if is_own and now.waits_for(user) else None,
    }
