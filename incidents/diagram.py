"""The workflow table drawn as text: `docs/workflow.md` holds what these functions return."""

from django.utils import translation

from incidents.workflow import TABLE, Act, Status, Who

WORDS = {
    Who.STAFF: "anyone who may report in this area",
    Who.REPORTER: "the reporter",
    Who.DISPATCHER: "the command room",
    Who.LEAD: "the lead party",
    Who.VERIFIER: "a verifier who had no hand in it",
    Who.EVALUATOR: "whoever records the residents' word",
    Who.RESIDENT: "the resident who reported it without an account",
    Who.APPROVER: "an approver who did not ask for it",
    Who.SYSTEM: "the system",
}


def mermaid() -> str:
    """The state diagram: every move that changes the status."""
    lines = ["stateDiagram-v2"]
    for act, move in TABLE.items():
        if move.to is None:
            continue
        for origin in _in_order(move.origin):
            lines.append(f"    {origin or '[*]'} --> {move.to.value}: {act.value}")
    lines += [f"    {status.value} --> [*]" for status in (Status.ARCHIVED, Status.MERGED, Status.VOID)]
    return "\n".join(lines)


def table() -> str:
    """The same as a Markdown table, with who may act and what the act needs."""
    rows = ["| act | from | to | who | needs |", "| --- | --- | --- | --- | --- |"]
    with translation.override("en"):
        rows += [_row(act) for act in TABLE]
    return "\n".join(rows)


def _row(act: Act) -> str:
    move = TABLE[act]
    origin = ", ".join(status.value if status else "(nothing)" for status in _in_order(move.origin))
    who = "; ".join(WORDS[who] for who in Who if who in move.who)
    needs = ", ".join(sorted(move.needs)).replace("_", " ") or "nothing"
    return f"| `{act.value}` {act.label} | {origin} | {move.to.value if move.to else '(stays)'} | {who} | {needs} |"


def _in_order(statuses: frozenset[Status | None]) -> list[Status | None]:
    order = [None, *Status]
    return sorted(statuses, key=order.index)
