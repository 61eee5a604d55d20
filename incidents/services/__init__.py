"""The acts on an incident: the only code that writes incidents. Page, API, command and task call these."""

from incidents.services.assisting import answer_assist, release_assist
from incidents.services.closing import archive, evaluate, reject, reopen, verify
from incidents.services.handling import handle, return_incident, sign
from incidents.services.merging import merge, merge_together, void
from incidents.services.notes import add_note
from incidents.services.reporting import Draft, report_incident, report_settled, settle
from incidents.services.supplements import supplement
from incidents.services.suspending import ask_suspension, decide_suspension, resume
from incidents.services.triage import dispatch, redispatch, triage

__all__ = [
    "Draft",
    "add_note",
    "answer_assist",
    "archive",
    "ask_suspension",
    "decide_suspension",
    "dispatch",
    "evaluate",
    "handle",
    "merge",
    "merge_together",
    "redispatch",
    "reject",
    "release_assist",
    "reopen",
    "report_incident",
    "report_settled",
    "resume",
    "return_incident",
    "settle",
    "sign",
    "supplement",
    "triage",
    "verify",
    "void",
]
