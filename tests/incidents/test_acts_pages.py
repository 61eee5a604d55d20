"""Every act through its page: it works, says who may not, comes back with what was typed, and is harmless twice."""

import uuid

import pytest
from django.urls import reverse

from accounts.errors import Refused
from incidents import services
from incidents.acts import ACTS
from incidents.models import Assignment, Incident, StatusChange, SuspensionRequest
from incidents.workflow import Act, Status
from tests.incidents import files, stages
from tests.incidents.stages import HOUR, NINE


def url(incident, slug):
    return reverse("incidents:act", args=[incident.number, slug])


def go(client, user, incident, slug, **fields):
    client.force_login(user)
    return client.post(url(incident, slug), fields)


def key(party):
    return f"{party._meta.model_name}:{party.pk}"


@pytest.fixture(autouse=True)
def _at_three(monkeypatch):
    """Three in the afternoon of the day on which the incidents were made."""
    monkeypatch.setattr("clock.now", lambda: NINE + 6 * HOUR)


CASES = {
    "triage": (stages.report, "command", {"level": 3, "category": "010102"}, Status.REPORTED),
    "dispatch": (
        stages.report,
        "command",
        {"lead": "enforcement", "assisting": ["police", "grid_1"]},
        Status.DISPATCHED,
    ),
    "redispatch": (stages.dispatched, "command", {"lead": "grid_1", "note": "网格可自行处理"}, Status.DISPATCHED),
    "sign": (stages.dispatched, "department", {}, Status.IN_PROGRESS),
    "return": (stages.dispatched, "department", {"note": "属物业职责"}, Status.RETURNED),
    "handle": (
        stages.in_progress,
        "department",
        {"done_at": "2026-11-20T14:00", "measures": "已清走", "contacted": "报告人", "outcome": "畅通"},
        Status.HANDLED,
    ),
    "verify": (stages.handled, "verifier", {"note": ""}, Status.CLOSED),
    "reject": (stages.handled, "verifier", {"note": "仍有杂物"}, Status.IN_PROGRESS),
    "ask-suspension": (
        stages.in_progress,
        "department",
        {"reason": "等配件", "until": "2026-11-27T09:00"},
        Status.IN_PROGRESS,
    ),
    "decide": (stages.asked_to_suspend, "command", {"approve": "yes"}, Status.SUSPENDED),
    "resume": (stages.suspended, "department", {}, Status.IN_PROGRESS),
    "settle": (lambda world: stages.report(world, level=1), "worker", {"measures": "已劝离"}, Status.CLOSED),
    "evaluate": (stages.closed, "command", {"score": "satisfied"}, Status.CLOSED),
    "reopen": (stages.closed, "command", {"note": "又堆上了"}, Status.IN_PROGRESS),
    "archive": (lambda world: evaluated(world), "command", {}, Status.ARCHIVED),
    "merge": (stages.report, "command", {"into": "another"}, Status.MERGED),
    "void": (stages.report, "command", {"note": "误报"}, Status.VOID),
    "note": (stages.report, "worker", {"text": "业主来电催问"}, Status.REPORTED),
    "answer": (lambda world: assisted(world), "police_officer", {"answer": "已出警劝导"}, Status.IN_PROGRESS),
    "release": (lambda world: assisted(world), "command", {"note": "无需协办"}, Status.IN_PROGRESS),
}
"""For each act: an incident that waits for it, who does it, what they fill in, and the status it leads to."""


OWN_ACTS = {slug for slug, page in ACTS.items() if page.perform.__module__.startswith("incidents.")}
"""An app above tests the acts that it adds."""


def case(world, slug):
    """The incident, the user, the fields as the browser sends them, and the status afterwards."""
    stage, who, fields, status = CASES[slug]
    incident = stage(world)
    fields = dict(fields)
    if "lead" in fields:
        fields["lead"] = key(getattr(world, fields["lead"]))
        fields["assisting"] = [key(getattr(world, name)) for name in fields.get("assisting", [])]
    if "into" in fields:
        fields["into"] = stages.report(world).number
    if row := incident.assignments.filter(part=Assignment.Part.ASSIST).first():
        fields["assignment"] = row.pk
    return incident, getattr(world, who), fields, status


def evaluated(world):
    return services.evaluate(stages.closed(world), actor=world.command, score="satisfied", at=NINE + 3 * HOUR)


def assisted(world):
    return stages.in_progress(world, assisting=[world.police])


def rows_of(incident):
    """How much history there is: what an act done twice must not add to."""
    return [
        incident.changes.count(),
        incident.notes.count(),
        incident.results.count(),
        incident.evaluations.count(),
        SuspensionRequest.objects.filter(incident=incident).count(),
        Assignment.objects.filter(incident=incident).count(),
    ]


def test_every_act_has_a_case():
    assert set(CASES) == OWN_ACTS


@pytest.mark.parametrize("slug", CASES)
def test_an_act_is_shown_done_and_harmless_when_sent_again(world, client, slug):
    incident, user, fields, status = case(world, slug)
    client.force_login(user)
    assert client.get(url(incident, slug)).status_code == 200
    done = go(client, user, incident, slug, **fields)
    assert (done.status_code, done.url) == (302, reverse("incidents:incident", args=[incident.number]))
    incident.refresh_from_db()
    assert incident.status == status
    before = rows_of(incident)
    again = go(client, user, incident, slug, **fields)
    assert again.status_code in {302, 422}
    assert rows_of(incident) == before


@pytest.mark.parametrize("slug", [slug for slug in CASES if slug != "note"])
def test_who_may_not_gets_403_and_nothing_happens(world, client, slug):
    incident, _user, fields, _status = case(world, slug)
    before = rows_of(incident)
    leader_may = slug in {"decide", "resume"}  # a street leader approves suspensions
    user = world.worker if leader_may else world.leader
    client.force_login(user)
    assert client.get(url(incident, slug)).status_code == 403
    assert go(client, user, incident, slug, **fields).status_code == 403
    assert rows_of(incident) == before


def test_a_foreign_area_gets_404_for_every_act(world, client):
    incident = stages.dispatched(world)
    client.force_login(world.outsider)
    for slug in CASES:
        assert client.get(url(incident, slug)).status_code == 404
        assert client.post(url(incident, slug), {"note": "…"}).status_code == 404
    assert incident.changes.count() == 2


def test_an_unknown_act_or_number_gives_404(world, client):
    client.force_login(world.command)
    assert client.get(url(stages.report(world), "dance")).status_code == 404
    assert client.get("/incidents/20261122-330206003-9999/sign/").status_code == 404


def test_an_act_that_comes_too_late_leads_back_with_the_reason(world, client):
    incident = stages.in_progress(world)
    client.force_login(world.department)
    answer = client.get(url(incident, "sign"), follow=True)
    assert answer.redirect_chain[0][0] == reverse("incidents:incident", args=[incident.number])
    assert len(answer.context["messages"]) == 1


def test_an_act_that_something_else_must_precede_leads_back_with_the_reason(world, client):
    incident = assisted(world)
    client.force_login(world.department)
    answer = client.get(url(incident, "handle"), follow=True)
    assert answer.redirect_chain[0][0] == reverse("incidents:incident", args=[incident.number])
    assert "派出所" in answer.text


def test_a_refusal_stands_in_the_form_with_what_was_typed(world, client):
    incident = stages.in_progress(world)
    services.handle(incident, actor=world.department, measures="已清走", at=NINE + HOUR)
    fields = {"done_at": "2026-11-20T14:00", "measures": "又写了一遍"}
    answer = go(client, world.department, incident, "handle", **fields)
    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors()
    assert answer.context["form"]["measures"].value() == "又写了一遍"


def test_a_refusal_of_one_field_stands_beside_it(world, client):
    incident = stages.in_progress(world)
    late = go(client, world.department, incident, "handle", done_at="2026-11-21T14:00", measures="已清走")
    assert late.context["form"].has_error("done_at")
    long = go(client, world.department, incident, "handle", done_at="2026-11-20T14:00", measures="长" * 2500)
    assert "500" in long.context["form"].errors["measures"][0]
    empty = go(client, world.department, incident, "handle", done_at="", measures="")
    assert {"done_at", "measures"} <= set(empty.context["form"].errors)


def test_the_catalogues_proposal_is_chosen_already(world, client):
    incident = stages.report(world)
    incident.category.assisting.add(world.police)
    client.force_login(world.command)
    form = client.get(url(incident, "dispatch")).context["form"]
    assert form["lead"].value() == key(world.enforcement)
    assert form["assisting"].value() == [key(world.police)]


def test_a_party_of_another_street_is_no_choice(world, client):
    answer = go(client, world.command, stages.report(world), "dispatch", lead=key(world.community_b))
    assert answer.context["form"].has_error("lead")


def test_photos_of_the_handling_are_kept_through_an_error_and_go_to_the_incident(world, client):
    incident = stages.in_progress(world)
    fields = {"draft_key": str(uuid.uuid4()), "done_at": "2026-11-20T14:00"}
    answer = go(client, world.department, incident, "handle", **fields, measures="", photos=files.photo())
    assert answer.status_code == 422
    assert len(answer.context["drafts"]) == 1
    go(client, world.department, incident, "handle", **fields, measures="已清走")
    assert incident.attachments.count() == 1


def test_refusing_a_suspension_needs_a_reason(world, client):
    incident = stages.asked_to_suspend(world)
    assert go(client, world.command, incident, "decide", approve="no").context["form"].has_error("note")
    assert go(client, world.command, incident, "decide", approve="no", note="配件已到").status_code == 302
    assert not SuspensionRequest.objects.get().is_approved


def test_merging_lays_the_likely_and_the_asked_for_side_by_side(world, client):
    incident, near = stages.report(world), stages.in_progress(world)
    elsewhere = stages.report(world, level=3, actor=world.command, unit=world.micro_5)
    handled = stages.handled(world)
    client.force_login(world.command)
    page = client.get(url(incident, "merge"), {"with": [elsewhere.number, handled.number, "20261122-330206003-9999"]})
    form = page.context["form"]

    assert [side.incident for side in form.sides] == [incident, elsewhere, handled, near]
    assert [bool(side.because) for side in form.sides] == [False, False, True, True]
    assert [side.may_follow for side in form.sides] == [True, True, False, True]
    assert form.unknown == ["20261122-330206003-9999"]
    assert form.sides[2].because in page.text
    assert str(world.enforcement) in page.text  # who holds it


@pytest.mark.parametrize(("leads", "also"), [("this", ["near"]), ("near", []), ("near", ["elsewhere"])])
def test_whichever_leads_the_others_follow_it(world, client, leads, also):
    rows = {"this": stages.report(world), "near": stages.report(world)}
    rows["elsewhere"] = stages.report(world, level=3, actor=world.command, unit=world.micro_5)
    chosen = [rows[name].number for name in also]
    done = go(client, world.command, rows["this"], "merge", into=rows[leads].number, also=chosen, note="同一件事")
    assert done.status_code == 302
    followers = {name: Incident.objects.get(pk=row.pk).merged_into for name, row in rows.items()}
    merged = {"this", *also} - {leads}
    assert followers == {name: rows[leads] if name in merged else None for name in rows}


def test_merging_refuses_in_words_and_does_all_or_nothing(world, client):
    incident, near, third = (stages.report(world) for _each in range(3))
    foreign = stages.report(world, unit=world.micro_b, actor=world.outsider)
    assert go(client, world.command, incident, "merge").context["form"].has_error("into")
    assert go(client, world.command, incident, "merge", into=foreign.number).context["form"].has_error("into")
    alone = go(client, world.command, incident, "merge", into=incident.number)
    assert alone.context["form"].has_error("also")  # three lie side by side: which of them?
    handled = stages.handled(world)
    with pytest.raises(Refused, match=handled.number):
        services.merge_together(incident, into=near, others=[handled], actor=world.command, at=NINE + HOUR)
    assert not Incident.objects.filter(status=Status.MERGED).exists()
    services.merge_together(incident, into=incident, others=[near, third], actor=world.command, at=NINE + HOUR)
    assert set(incident.merged_incidents.all()) == {near, third}


def test_an_incident_closed_on_the_spot_is_opened_again_for_triage(world, client):
    incident = services.settle(stages.report(world, level=1), actor=world.worker, measures="已劝离", at=NINE + HOUR)
    go(client, world.command, incident, "reopen", note="又来了")
    assert StatusChange.objects.filter(incident=incident).last().act == Act.REOPEN_TO_TRIAGE


def test_triage_without_a_change_keeps_the_version_of_the_catalogue(world, client):
    incident = stages.report(world)
    go(client, world.command, incident, "triage", level=2, category=incident.category.code)
    assert incident.changes.count() == 1


def test_the_way_back_leads_to_the_queue_but_never_to_another_site(world, client):
    assert go(client, world.command, stages.report(world), "note", text="好", next="/queue/").url == "/queue/"
    away = go(client, world.command, stages.report(world), "note", text="好", next="https://evil.example/")
    assert away.url.startswith("/incidents/")
