"""The table of moves by itself: complete, without dead ends, and drawn truly in the documents."""

import itertools
from pathlib import Path

import pytest

from accounts.errors import Forbidden, Refused
from incidents import diagram, workflow
from incidents.workflow import TABLE, Act, Status, Who

DOCUMENT = Path(__file__).parents[2] / "docs" / "workflow.md"
ALL_FACTS = {need: True for move in TABLE.values() for need in move.needs}
FROM_DESIGN = {
    # status: the acts that may follow it, written down a second time by hand
    None: "report",
    "reported": "settle triage dispatch merge void",
    "dispatched": "redispatch sign return merge void",
    "in_progress": "handle suspend merge void",
    "handled": "verify reject",
    "closed": "evaluate reopen reopen_to_triage archive",
    "archived": "",
    "returned": "triage dispatch merge void",
    "suspended": "resume void",
    "merged": "",
    "void": "",
}


@pytest.mark.parametrize(("status", "act"), list(itertools.product([None, *Status], Act)))
def test_every_pair_of_status_and_act_is_allowed_or_refused_as_the_design_says(status, act):
    standing, allowed = set(Who), act.value in FROM_DESIGN[status].split()
    if allowed:
        workflow.check_move(status, act, standing=standing, facts=ALL_FACTS)
        assert act in workflow.may_follow(status)
    else:
        with pytest.raises(Refused) as refusal:
            workflow.check_move(status, act, standing=standing, facts=ALL_FACTS)
        assert refusal.value.code == "status"
        assert act not in workflow.may_follow(status)


@pytest.mark.parametrize(("act", "who"), list(itertools.product(Act, Who)))
def test_every_pair_of_act_and_standing_is_allowed_or_forbidden_by_the_table(act, who):
    move = TABLE[act]
    status = next(iter(move.origin))
    if who in move.who:
        workflow.check_move(status, act, standing={who}, facts=ALL_FACTS)
    else:
        with pytest.raises(Forbidden):
            workflow.check_move(status, act, standing={who}, facts=ALL_FACTS)


@pytest.mark.parametrize(("act", "need"), [(act, need) for act, move in TABLE.items() for need in sorted(move.needs)])
def test_a_missing_fact_is_refused_by_its_name(act, need):
    move = TABLE[act]
    with pytest.raises(Refused) as refusal:
        workflow.check_move(next(iter(move.origin)), act, standing=set(Who), facts=ALL_FACTS | {need: False})
    assert refusal.value.code == need
    assert refusal.value.message


def test_every_status_can_be_reached_and_every_open_one_can_be_left():
    reached, waiting = {None}, [None]
    while waiting:
        status = waiting.pop()
        for act in workflow.may_follow(status):
            new = TABLE[act].to or status
            if new not in reached:
                reached.add(new)
                waiting.append(new)
    assert reached == {None, *Status}
    assert all(workflow.may_follow(status) for status in workflow.OPEN)


def test_nobody_in_the_handling_standing_may_verify():
    for act in (Act.VERIFY, Act.REJECT):
        assert TABLE[act].who == {Who.VERIFIER}


def test_the_document_draws_the_table_as_it_is():
    text = DOCUMENT.read_text()
    assert diagram.mermaid() in text
    assert diagram.table() in text
