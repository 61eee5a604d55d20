"""What residents do without an account: report, add, evaluate, open again. Each act is the incident's own service, with
the resident as its actor; here stands what surrounds it."""

import hmac
import re
import unicodedata
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import clock
from accounts.errors import Refused
from dispatch.rules import line_of
from incidents import services
from incidents.actors import RESIDENT
from incidents.models import Category, Evaluation, Incident, Note, Source
from incidents.services import Draft
from incidents.workflow import OPEN, Status
from public.codes import SECRET_LENGTH, new_code, read_code
from public.links import digest, new_link
from public.models import Consent, PlaceCode, ResidentReport
from public.place_codes import live_place

LONGEST: Final = 500
ANSWER_AT: Final = time(18, 0)
"""The first answer to a report by code is due the next day (practice of the resident's code in the handbook, section
1.11: next day, 18:00), on holidays too: the command room is staffed every day."""
_PHONE: Final = re.compile(r"1\d{10}|0\d{9,11}|[2-8]\d{6,7}")
_MOST_MERGES: Final = 20


@dataclass(frozen=True, slots=True)
class Said:
    """What a resident sends. `client_uuid` is the form's own: the same one twice is the same report."""

    place_code: PlaceCode
    category: Category
    text: str
    consent: Consent
    phone: str = ""
    client_uuid: uuid.UUID = field(default_factory=uuid.uuid4)


def answer_due(sent_at: datetime) -> datetime:
    """Until when a report has its first answer: the next day at six in the evening."""
    return line_of(timezone.localdate(sent_at) + timedelta(days=1), ANSWER_AT)


@transaction.atomic
def send_report(said: Said, *, at: datetime | None = None) -> ResidentReport:
    """File the report as an incident of the place, and make the secrets by which the resident comes back.

    Sent again with the same `client_uuid` it returns the report that is there. Raises `Refused` beside a field.
    """
    at = at or clock.now()
    draft = Draft(
        unit=live_place(said.place_code.unit),
        category=said.category,
        description=said.text,
        source=Source.RESIDENT,
        client_uuid=said.client_uuid,
    )
    phone = read_phone(said.phone)
    incident = services.report_incident(draft, actor=RESIDENT, at=at)
    if known := ResidentReport.objects.filter(incident=incident).first():
        return known
    link = new_link()
    return ResidentReport.objects.create(
        incident=incident,
        place_code=said.place_code,
        consent=said.consent,
        link=link,
        link_digest=digest(link),
        secret=new_code(SECRET_LENGTH),
        phone=phone,
        sent_at=at,
        answer_due_at=answer_due(at),
    )


def read_phone(text: str) -> str:
    """A mobile or landline number without blanks and signs; nothing for nothing. Raises `Refused` beside `phone`."""
    digits = re.sub(r"[\s()+-]", "", unicodedata.normalize("NFKC", text))
    if len(digits) == 13:
        digits = digits.removeprefix("86")
    if digits and not _PHONE.fullmatch(digits):
        raise Refused(
            _("This is no phone number of 7 to 12 digits. Correct it, or leave it empty: it isn't required."),
            code="phone",
            field="phone",
        )
    return digits


def report_by_link(link: str) -> ResidentReport | None:
    """The report whose secret link this is."""
    return ResidentReport.objects.filter(link_digest=digest(link)).select_related("incident__unit").first()


def read_number(text: str) -> str:
    """What somebody typed as a number: without blanks and other signs, and full-width digits as plain ones."""
    return re.sub(r"[^0-9-]", "", unicodedata.normalize("NFKC", text))[:40]


def report_by_number(number: str, secret: str) -> ResidentReport | None:
    """The report with this number (`read_number`), if the query code fits; a wrong code and an unknown number are the
    same to the caller."""
    found = ResidentReport.objects.filter(incident__number=number).first()
    wanted = found.secret if found else new_code(SECRET_LENGTH)
    fits = hmac.compare_digest(wanted.encode(), read_code(secret, SECRET_LENGTH).encode())
    return found if found and fits else None


def followed(incident: Incident) -> Incident:
    """Where the matter is handled: the incident itself, or the one that it was merged into at last."""
    for _step in range(_MOST_MERGES):
        if incident.merged_into is None:
            break
        incident = incident.merged_into
    return incident


def add_to(report: ResidentReport, text: str, *, at: datetime | None = None) -> None:
    """Add what the resident has forgotten or seen since, where the matter is handled.

    Where that is another resident's report, the row says whose words they are: each reads only their own.
    """
    incident, at = followed(report.incident), at or clock.now()
    if incident.status not in (*OPEN, Status.CLOSED):
        raise Refused(_("This matter has ended. Report it anew and name its number."), code="ended")
    key = None if incident == report.incident else _addition_key(report, at)
    services.add_note(incident, actor=RESIDENT, text=text, at=at, client_uuid=key)


def additions_of(report: ResidentReport) -> list[Note]:
    """What the sender of this report has added: to it, and to what it was merged into; nobody else's words."""
    matter = followed(report.incident)
    own = report.incident.notes.filter(by=None, client_uuid=None)
    others = [] if matter == report.incident else matter.notes.filter(by=None, client_uuid__isnull=False)
    return [*own, *(row for row in others if row.client_uuid == _addition_key(report, row.at))]


def _addition_key(report: ResidentReport, at: datetime) -> uuid.UUID:
    """Ties a remark on another report to this one; only who knows the form's own id can tell."""
    return uuid.uuid5(report.incident.client_uuid, at.astimezone(UTC).isoformat())


def evaluate(report: ResidentReport, *, score: str, text: str = "", at: datetime | None = None) -> None:
    """Record what the resident thinks of the outcome. Raises `Refused` unless the incident is closed."""
    if score not in Evaluation.Score.values:
        raise Refused(_("Choose one of the three."), code="score", field="score")
    services.evaluate(report.incident, actor=RESIDENT, score=score, text=text, at=at)


def open_again(report: ResidentReport, *, reason: str, at: datetime | None = None) -> None:
    """Open the closed incident again, for a resident who is dissatisfied; counted as rework."""
    services.reopen(report.incident, actor=RESIDENT, note=reason, at=at)
