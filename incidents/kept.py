"""All that is kept of one incident here, fetched in one statement together with what other apps keep of it."""

from collections.abc import Mapping
from typing import Any, Final

from accounts.together import ALL, PERSON, Rows, attach, fetch_together
from incidents.models import Assignment, Attachment, Evaluation, Incident, Note, Result, StatusChange, SuspensionRequest
from incidents.workflow import Act

_MERGES: Final = "merges"
_INTO: Final = "into"


def load_kept(incident: Incident, also: Mapping[str, Rows]) -> dict[str, list[Any]]:
    """Load an incident's whole history into it, as `prefetch_related` would; returns the rows of `also` by name.

    Afterwards `incident.changes.all()`, `.assignments`, `.notes`, `.results`, `.suspensions`, `.evaluations`,
    `.attachments` and `.merged_incidents` ask nothing, and `merges_into` knows the acts of the merged ones.
    """
    own = _rows_of(incident)
    fetched = fetch_together(incident, {**own, **also})
    for relation in own.keys() - {_MERGES, _INTO}:
        attach([incident], relation, fetched[relation])
    vars(incident)[_MERGES] = fetched[_MERGES]
    if fetched[_INTO]:
        incident.merged_into = fetched[_INTO][0]
    return {name: fetched[name] for name in also}


def merges_into(incident: Incident) -> list[StatusChange]:
    """The acts by which others were merged into a loaded incident, each with its `incident`."""
    merges: list[StatusChange] = vars(incident)[_MERGES]
    return merges


def _rows_of(incident: Incident) -> dict[str, Rows]:
    people = {"asked_by": PERSON, "decided_by": PERSON}
    parties = {"department": ALL, "unit": ALL, "signed_by": PERSON, "answered_by": PERSON}
    merges = StatusChange.objects.filter(act=Act.MERGE, incident__merged_into=incident)
    others = Incident.objects.order_by("reported_at")
    named = ("id", "number")
    return {
        "changes": Rows(StatusChange.objects.filter(incident=incident), along={"actor": PERSON}),
        "assignments": Rows(Assignment.objects.filter(incident=incident), along=parties),
        "notes": Rows(Note.objects.filter(incident=incident), along={"by": PERSON}),
        "results": Rows(Result.objects.filter(incident=incident)),
        "suspensions": Rows(SuspensionRequest.objects.filter(incident=incident), along=people),
        "evaluations": Rows(Evaluation.objects.filter(incident=incident)),
        "attachments": Rows(Attachment.objects.filter(incident=incident), along={"uploaded_by": PERSON}),
        "merged_incidents": Rows(others.filter(merged_into=incident), ("id", "number", "merged_into_id")),
        _MERGES: Rows(merges, along={"actor": PERSON, "incident": named}),
        _INTO: Rows(others.filter(merged_incidents=incident), named),
    }
