"""Rules of dispatch: the first that fits, its words, what it may do by itself, and what is refused at the form."""

import pytest
from django.urls import reverse
from django.utils import translation
from tablib import Dataset

from dispatch.dispatch_rules import dispatch_owed, suggest
from dispatch.escalation.ladder import load_default_ladder
from dispatch.models import DispatchRule, LadderRung
from dispatch.resources.dispatch_rules import DispatchRuleResource
from dispatch.resources.ladder import LadderRungResource
from grids.models import Department, Mode, OperationMode, Post
from incidents import services
from incidents.models import Assignment, StatusChange
from incidents.workflow import Act, Status
from tests.dispatch.moments import on
from tests.incidents import stages
from tests.incidents.stages import HOUR, NINE

pytestmark = pytest.mark.django_db


def rule(world, name="规则", **facts) -> DispatchRule:
    facts = {"lead": world.police, "unit": world.street_a, **facts}
    return DispatchRule.objects.create(name=name, **facts)


def emergency(world, unit) -> None:
    OperationMode.objects.create(
        unit=unit,
        scenario="防汛",
        authorised_by="区指挥部",
        starts_at=NINE - HOUR,
        ends_at=NINE + 9 * HOUR,
        made_by=world.command,
        made_at=NINE - HOUR,
    )


@pytest.mark.parametrize(
    ("facts", "fits"),
    [
        ({}, True),
        ({"category_code": "01"}, True),
        ({"category_code": "0102"}, False),
        ({"level_from": 2, "level_to": 2}, True),
        ({"level_from": 3}, False),
        ({"mode": Mode.NORMAL}, True),
        ({"mode": Mode.EMERGENCY}, False),
        ({"unit": "community_1"}, True),
        ({"unit": "community_2"}, False),
        ({"unit": "street_b"}, False),
        ({"is_active": False}, False),
    ],
)
def test_category_place_level_and_mode_must_all_fit(world, facts, fits):
    if "unit" in facts:
        facts = {**facts, "unit": getattr(world, facts["unit"])}
    rule(world, **facts)
    incident = stages.report(world)  # level 2, 010102, in the first micro-grid

    assert (suggest(incident, NINE) is not None) == fits


def test_the_first_in_order_counts_and_explains_itself(world):
    rule(world, "后", position=20)
    rule(
        world,
        "防汛优先",
        position=10,
        category_code="01",
        unit=world.community_1,
        mode=Mode.EMERGENCY,
        level_from=2,
        lead=world.enforcement,
    )
    incident = stages.report(world)
    assert suggest(incident, NINE).rule.name == "后"
    emergency(world, world.street_a)

    found = suggest(incident, NINE)
    assert (found.rule.name, found.lead) == ("防汛优先", world.enforcement)
    with translation.override("en"):
        assert found.explanation == "Rule “防汛优先”: category 01, 高田王村, mode Emergency, levels 2 to 4"


def test_a_lead_out_of_use_leaves_it_to_the_next_rule(world):
    rule(world, "一", position=1)
    rule(world, "二", position=2, lead=world.enforcement)
    Department.objects.filter(pk=world.police.pk).update(is_active=False)

    assert suggest(stages.report(world), NINE).rule.name == "二"


def test_the_form_is_filled_in_and_says_by_which_rule(world, client):
    rule(world, "占道").assisting.add(world.enforcement)
    incident = stages.report(world)
    client.force_login(world.command)

    for url in (
        reverse("dispatch:queue_panel", args=[incident.number]),
        reverse("incidents:act", args=[incident.number, "dispatch"]),
    ):
        answer = client.get(url)
        assert "“占道”" in answer.text
    form = answer.context["form"]
    assert form.initial["lead"] == f"department:{world.police.pk}"
    assert form.initial["assisting"] == [f"department:{world.enforcement.pk}"]


def test_a_rule_dispatches_by_itself_only_where_switched_on_and_only_once(world):
    shown = rule(world, "只建议", position=1, category_code="0101", unit=world.community_2)
    automatic = rule(world, "自动", position=2, is_automatic=True)
    incident = stages.report(world)
    assert shown.is_automatic is False
    assert dispatch_owed(NINE) == 1
    assert dispatch_owed(NINE) == 0

    change = StatusChange.objects.get(incident=incident, act=Act.DISPATCH)
    assert (change.actor, change.data["rule"], change.new) == (None, automatic.name, Status.DISPATCHED)
    assert Assignment.objects.get(incident=incident, part="lead").party == world.police


def test_what_came_back_and_what_is_serious_waits_for_people(world):
    rule(world, is_automatic=True, position=2)
    serious = stages.report(world, level=3)
    services.return_incident(stages.dispatched(world), actor=world.department, note="不归我队。", at=NINE + HOUR)
    assert dispatch_owed(NINE + HOUR) == 0
    assert suggest(serious, NINE) is not None

    rule(world, "三级", is_automatic=True, position=1, level_from=3)
    assert dispatch_owed(NINE + HOUR) == 1


def test_a_suggestion_that_comes_first_keeps_a_later_automatic_rule_away(world):
    rule(world, "建议", position=1)
    rule(world, "自动", position=2, is_automatic=True)
    stages.report(world)

    assert dispatch_owed(NINE) == 0


def test_one_that_fails_stops_no_other(world, monkeypatch, caplog):
    rule(world, is_automatic=True)
    first, _second = stages.report(world), stages.report(world)
    dispatch = services.dispatch

    def dispatch_but_the_first(incident, **facts):
        if incident.pk == first.pk:
            raise RuntimeError("楼道口")
        return dispatch(incident, **facts)

    monkeypatch.setattr(services, "dispatch", dispatch_but_the_first)

    assert dispatch_owed(NINE) == 1
    assert f"Dispatching incident {first.number}" in caplog.text


def test_after_two_returns_the_room_reads_that_its_decision_stands(world, client):
    incident = stages.dispatched(world)
    for minute in (1, 2):
        services.return_incident(incident, actor=world.department, note=f"不归我队{minute}。", at=NINE + HOUR * minute)
        if minute == 1:
            services.dispatch(incident, actor=world.command, lead=world.enforcement, at=NINE + HOUR)
    client.force_login(world.command)

    (said,) = client.get(reverse("incidents:incident", args=[incident.number])).context["now"].explanations()
    assert said


# -- at the form and in a sheet ----------------------------------------------------------------------------------
def send_rule(world, client, **facts):
    client.force_login(world.admin)
    data = {"position": 1, "name": "新规则", "level_from": 1, "level_to": 4, "is_active": "on"}
    data |= {"unit": world.street_a.pk, "lead": world.police.pk} | facts
    return client.post(reverse("admin:dispatch_dispatchrule_add"), data)


def test_the_form_refuses_a_lead_that_assists_and_departments_of_another_street(world, client):
    elsewhere = Department.objects.create(code="elsewhere", name="外街中队", street=world.street_b)
    for facts, field in (
        ({"assisting": [world.police.pk]}, "assisting"),
        ({"lead": elsewhere.pk}, "lead"),
        ({"assisting": [elsewhere.pk]}, "assisting"),
        ({"unit": ""}, "lead"),  # it serves one street, and the rule says everywhere
        ({"category_code": "99"}, "category_code"),
    ):
        assert field in send_rule(world, client, **facts).context["adminform"].form.errors
    assert send_rule(world, client, assisting=[world.enforcement.pk]).status_code == 302
    assert DispatchRule.objects.get().assisting.get() == world.enforcement


def test_a_ladder_on_which_nobody_stands_is_refused_at_the_form(world, client):
    load_default_ladder()
    client.force_login(world.admin)
    rung = LadderRung.objects.get(role__code="community_head")
    url = reverse("admin:dispatch_ladderrung_add")
    data = {"street": world.street_b.pk, "tier": "community", "role": rung.role_id, "after_minutes": 5}
    data |= {"level_from": 1, "is_active": "on"}

    assert "role" in client.post(url, data).context["adminform"].form.errors
    officer = LadderRung.objects.get(role__code="command_officer").role_id
    assert client.post(url, {**data, "tier": "street", "role": officer}).status_code == 302
    assert client.post(url, data).status_code == 302  # the room is on it, so the vacant community may be, too

    Post.objects.update(ends_on=on("2026-01-02").date())
    Post.objects.filter(user=world.admin).update(ends_on=None)
    change = reverse("admin:dispatch_ladderrung_change", args=[rung.pk])
    fields = {**data, "street": "", "after_minutes": 7}
    assert "role" in client.post(change, fields).context["adminform"].form.errors


def imported(resource, header, *rows):
    result = resource().import_data(Dataset(*rows, headers=header.split(",")), rollback_on_validation_errors=True)
    refusals = [str(error.error) for error in result.base_errors]
    refusals += [str(error.error) for row in result.error_rows for error in row.errors]
    return refusals + [message for row in result.invalid_rows for message in row.error.messages]


def test_rules_and_ladder_go_out_and_come_in_as_sheets(world):
    header = "名称,顺序,类别编码,地点编码,主办部门编码,协办部门编码,自动分派"
    row = ["占道", "1", "", world.street_a.code, "police", "enforcement", ""]
    assert imported(DispatchRuleResource, header, row) == []
    made = DispatchRule.objects.get()
    assert (made.lead, made.assisting.get(), made.is_automatic) == (world.police, world.enforcement, False)
    (refusal,) = imported(DispatchRuleResource, header, [*row[:5], "police", "是"])
    assert refusal.startswith("第")
    assert DispatchRuleResource().export().csv.count("占道") == 1

    header = "街道编码,层级,角色编码,超时后（分钟）,最低级别"
    assert imported(LadderRungResource, header, ["", "村社", "community_head", "30", "1"])  # nobody would stand on it
    assert not LadderRung.objects.exists()
    whole = (["", "村社", "community_head", "30", "1"], ["", "street", "command_officer", "60", "1"])
    assert imported(LadderRungResource, header, *whole) == []
    assert LadderRung.objects.count() == 2
