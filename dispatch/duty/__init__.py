"""Who is on duty in a command room, and what one shift hands over to the next (practice 133 of the handbook).

A room is a street's, or the district centre's where `street` is None.
"""

from dispatch.duty.handover import hand_over, take_over
from dispatch.duty.roster import cancel_shift, on_duty, plan_shift, plan_week, shifts_between
from dispatch.duty.swaps import answer_swap, ask_stand_in, propose_swap

__all__ = [
    "answer_swap",
    "ask_stand_in",
    "cancel_shift",
    "hand_over",
    "on_duty",
    "plan_shift",
    "plan_week",
    "propose_swap",
    "shifts_between",
    "take_over",
]
