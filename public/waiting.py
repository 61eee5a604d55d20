"""Which residents still wait for their first answer: the command room's list, and the number beside it in the menu."""

from typing import Final

from django.db import models
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from dispatch.overview.needs import add_need, in_reach
from grids.models import Ability
from grids.posts import posts_with
from incidents.models import Incident
from incidents.workflow import OPEN, Status

UNSETTLED: Final = (*OPEN, Status.VOID)
"""While a matter stands here, its resident is owed an answer: one that was not taken up is answered, too."""


class ResidentNeed(models.TextChoices):
    """What a resident's report waits for from the command room."""

    ANSWER = "answer_resident", _("Answer the resident")


def connect() -> None:
    """Count these beside the other things that wait for a user."""
    add_need(ResidentNeed.ANSWER, waiting_for_answer)


def waiting_for_answer(user: User) -> QuerySet[Incident]:
    """The incidents where the user dispatches whose resident has had no answer yet, those due first before the others.

    A merged report waits while the incident that it was merged into does. Which of them the resident is told about on
    the progress page, `public.progress` decides in the same way.
    """
    if not posts_with(user, Ability.DISPATCH):
        return Incident.objects.none()
    unsettled = Q(status__in=UNSETTLED) | Q(merged_into__status__in=UNSETTLED)
    owed = in_reach(user, Ability.DISPATCH).filter(unsettled, resident_report__isnull=False)
    return owed.filter(resident_report__answered_at=None).order_by("resident_report__answer_due_at", "pk")
