"""What this app lets staff do on an incident's page: answer the resident who reported it."""

from django.utils.translation import gettext_lazy as _

from incidents.acts import ActPage, add_acts
from incidents.models import Source
from incidents.situation import Situation
from public.answering import answer_resident, may_answer
from public.forms import AnswerResidentForm
from public.models import ResidentReport


def connect() -> None:
    """Add the act to the page of every incident."""
    add_acts(
        ActPage(
            "answer-resident",
            _("Answer the resident"),
            _("The resident reads your answer on the progress page."),
            "message",
            AnswerResidentForm,
            answer_resident,
            fits=_is_residents,
            may=lambda now: may_answer(now.user, now.incident),
            by_api=False,
        )
    )


def _is_residents(now: Situation) -> bool:
    """Reported by a resident without an account; others are asked no query for it."""
    if now.incident.source != Source.RESIDENT or now.incident.reporter_id is not None:
        return False
    return ResidentReport.objects.filter(incident=now.incident).exists()
