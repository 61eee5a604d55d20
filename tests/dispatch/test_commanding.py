"""Commands down the tree: who receives one, who has answered, who is reminded, and what the groups hear."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.errors import Forbidden, Refused
from accounts.models import Notice
from dispatch import commanding
from dispatch.models import Channel, Command, CommandReceipt, OutboxMessage
from dispatch.overview import commands as overview
from grids.models import Kind
from tests.dispatch.moments import friday
from tests.query_counts import query_count
from tests.world import post

NINE, NOON = friday("09:00"), friday("12:00")
WORDS = {"title": "今晚加强夜巡", "text": "20:00 至 22:00 每小时巡查一次消防通道。"}


@pytest.fixture
def leader_below(world):
    """Serves two units of the same branch: the higher one counts."""
    post("leader1", "蔡微长", "micro_grid_leader", world.micro_1)
    return post("leader1", "蔡微长", "grid_worker", world.grid_1)


def send(world, target=None, *, at=NINE, **more):
    return commanding.send_command(target or world.street_a, actor=world.command, at=at, **{**WORDS, **more})


def page(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"dispatch:{name}", args=args), query)


def press(client, user, name, *args, **data):
    client.force_login(user)
    return client.post(reverse(f"dispatch:{name}", args=args), data)


def unread(user):
    user.refresh_from_db()
    return user.unread_notices


def test_everybody_below_gets_one_receipt_for_the_topmost_unit_and_one_notice(world, leader_below):
    Channel.objects.create(name="街道群", street=world.street_a, token="t", secret="s")
    gone = post("gone", "已离任", "micro_grid_leader", world.micro_2)
    gone.posts.update(ends_on="2026-11-19")

    command = send(world, due_at=NOON)

    served = dict(command.receipts.values_list("user__username", "unit__name"))
    assert served["leader1"] == "1网格"
    assert set(served) == {"worker", "worker2", "command2", "verifier", "leader", "register", "leader1"}
    assert command.number == f"令20261120-{world.street_a.code}-0001"
    assert command.post_label == "大碶街道 指挥室值班员"
    assert unread(leader_below) == 1
    notice = Notice.objects.get(user=leader_below)
    assert notice.text_en == f"Command {command.number}: please acknowledge it."
    assert notice.url == reverse("dispatch:command", args=[command.number])
    said = OutboxMessage.objects.get()
    assert command.number in said.text
    assert "11月20日 12:00" in said.text
    assert f"({said.url})" in said.text  # the button leads where the words do
    assert WORDS["title"] not in said.title + said.text


def test_a_command_sent_twice_is_sent_once(world):
    first = send(world, world.grid_1)

    assert send(world, world.grid_1, at=NINE + timedelta(minutes=1)) == first
    assert send(world, world.grid_1, text="另一条。") != first
    assert send(world, world.grid_1, at=NINE + timedelta(hours=2)) != first
    assert unread(world.worker) == 3


@pytest.mark.parametrize(
    ("where", "change", "field"),
    [
        ("grid_1", {"title": " "}, "title"),
        ("grid_1", {"due_at": NINE}, "due_at"),
        ("grid_1", {"due_at": NOON, "needs_ack": False}, "due_at"),
        ("household_1", {}, "target"),
        ("micro_7", {}, "target"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(world, where, change, field):
    with pytest.raises(Refused) as refusal:
        send(world, getattr(world, where), **change)

    assert refusal.value.field == field
    assert not Command.objects.exists()


def test_only_who_commands_the_unit_sends_reminds_and_withdraws(world):
    command = send(world)
    for user in (world.worker, world.outsider, world.verifier, world.admin):
        with pytest.raises(Forbidden):
            commanding.send_command(world.street_a, actor=user, at=NINE, **WORDS)
        with pytest.raises(Forbidden):
            commanding.remind(command, actor=user, at=NOON)
        with pytest.raises(Forbidden):
            commanding.withdraw(command, actor=user, at=NOON)


def test_reading_and_acknowledging_are_noted_once_each(world):
    command = send(world)
    commanding.read(command, actor=world.worker, at=friday("09:10"))
    commanding.read(command, actor=world.worker, at=friday("09:20"))
    commanding.acknowledge(command, actor=world.worker, at=friday("09:30"))
    commanding.acknowledge(command, actor=world.worker, at=friday("09:40"))
    commanding.acknowledge(command, actor=world.worker2, at=friday("09:50"))

    own = command.receipts.get(user=world.worker)
    assert (own.read_at, own.acknowledged_at) == (friday("09:10"), friday("09:30"))
    assert command.receipts.get(user=world.worker2).read_at == friday("09:50")
    assert commanding.read(command, actor=world.outsider, at=NOON) is None
    with pytest.raises(Forbidden):
        commanding.acknowledge(command, actor=world.outsider, at=NOON)


def test_only_who_owes_an_answer_is_reminded_and_not_twice_within_the_hour(world):
    command = send(world, world.community_1)
    commanding.acknowledge(command, actor=world.worker, at=friday("09:30"))

    assert commanding.remind(command, actor=world.command2, at=friday("10:00")) == 1
    assert commanding.remind(command, actor=world.command, at=friday("10:59")) == 0
    assert commanding.remind(command, actor=world.command, at=friday("11:00")) == 1
    assert (unread(world.worker), unread(world.worker2)) == (1, 3)


def test_when_the_time_has_run_out_they_are_reminded_once_by_the_system(world, monkeypatch):
    send(world, world.grid_2)
    bad = send(world, world.grid_1, due_at=NOON, title="会出错的")
    command = send(world, world.community_1, due_at=NOON)
    remind = commanding._remind

    def failing(command, at):
        if command == bad:
            raise RuntimeError("a fault of ours")
        return remind(command, at)

    monkeypatch.setattr(commanding, "_remind", failing)

    assert commanding.remind_when_due(friday("11:59")) == 0
    assert commanding.remind_when_due(friday("12:01")) == 1
    assert commanding.remind_when_due(friday("14:00")) == 0
    assert command.receipts.filter(reminded_at=friday("12:01")).count() == 2
    monkeypatch.undo()
    assert commanding.remind_when_due(friday("14:01")) == 1


def test_a_withdrawn_command_leaves_every_first_page_and_takes_no_answers(world):
    command = send(world, due_at=NOON)
    assert overview.owed_by(world.worker).get().command == command

    commanding.withdraw(command, actor=world.command, at=friday("10:00"))
    commanding.withdraw(command, actor=world.command, at=friday("11:00"))

    assert not overview.owed_by(world.worker).exists()
    assert unread(world.worker) == 2
    assert commanding.remind_when_due(friday("13:00")) == 0
    with pytest.raises(Refused):
        commanding.acknowledge(command, actor=world.worker, at=NOON)
    with pytest.raises(Refused):
        commanding.remind(command, actor=world.command, at=NOON)


def test_the_tree_shows_how_far_it_has_come_tier_by_tier(world, leader_below):
    post("head2", "方书记", "community_head", world.community_2)
    command = send(world)
    commanding.read(command, actor=world.worker, at=NINE)
    commanding.acknowledge(command, actor=leader_below, at=NINE)

    below = {
        row.unit and row.unit.name: (row.progress.sent, row.progress.read, row.progress.acknowledged)
        for row in overview.progress_below(command, world.street_a)
    }
    assert below == {None: (4, 0, 0), "高田王村": (3, 2, 1), "牌门社区": (1, 0, 0)}
    grids = [(row.unit.name, row.opens) for row in overview.progress_below(command, world.community_1)]
    assert grids == [("1网格", True), ("2网格", True)]
    assert [kind for kind, _progress in overview.progress_by_kind(command)] == [Kind.STREET, Kind.COMMUNITY, Kind.GRID]
    late = [(row.unit.name, row.role) for row in overview.still_owing(command, world.community_1)]
    assert late == [("1网格", "网格员"), ("2网格", "网格员")]


def test_the_worker_finds_it_on_today_opens_it_and_answers(world, client, stop_clock):
    stop_clock(NINE)
    command = send(world, due_at=NOON)
    assert WORDS["title"] in page(client, world.worker, "today").text

    shown = page(client, world.worker, "command", command.number)
    assert "unit" not in shown.context
    assert press(client, world.worker, "command_acknowledge", command.number).status_code == 302

    own = command.receipts.get(user=world.worker)
    assert own.read_at
    assert own.acknowledged_at
    assert WORDS["title"] not in page(client, world.worker, "today").text
    assert page(client, world.worker, "commands").context["page"].object_list == [own]
    assert page(client, world.outsider, "command", command.number).status_code == 404
    assert page(client, world.worker, "command_owing", command.number).status_code == 403
    assert press(client, world.worker, "command_remind", command.number).status_code == 403
    assert page(client, world.worker, "command_new").status_code == 403


def test_the_room_sends_follows_reminds_and_withdraws(world, client, stop_clock):
    stop_clock(NINE)
    form = page(client, world.command, "command_new", unit=world.micro_5.code).context["form"]
    assert form["target"].value() == world.micro_5.code
    refused = press(client, world.command, "command_new", target=world.community_b.code, title="x", text="y")
    assert refused.status_code == 422
    sent = {"target": world.community_1.code, **WORDS, "needs_ack": "on", "due_at": "2026-11-20T12:00"}
    press(client, world.command, "command_new", **sent)
    command = Command.objects.get()
    assert command.due_at == NOON

    client.force_login(world.command2)
    with query_count("dispatch:commands"):
        listed = client.get(reverse("dispatch:commands"))
    assert listed.context["rows"][0][1].sent == 2
    with query_count("dispatch:command"):
        shown = client.get(reverse("dispatch:command", args=[command.number]), {"unit": world.grid_1.code})
    assert (shown.context["owing"], len(shown.context["rows"])) == (2, 1)
    assert page(client, world.command, "command", command.number, unit=world.grid_3.code).status_code == 404
    with query_count("dispatch:command_owing"):
        late = client.get(reverse("dispatch:command_owing", args=[command.number]))
    assert "王网格" in late.text
    assert press(client, world.command, "command_remind", command.number).status_code == 302
    assert CommandReceipt.objects.filter(reminded_at=NINE).count() == 2
    assert page(client, world.command, "command_withdraw", command.number).status_code == 200
    press(client, world.command, "command_withdraw", command.number)
    command.refresh_from_db()
    assert command.withdrawn_at == NINE


def test_the_phone_lists_opens_and_acknowledges(world, client, stop_clock):
    stop_clock(NINE)
    command = send(world, world.grid_1, due_at=NOON)
    client.force_login(world.worker)
    with query_count("api:command-list"):
        listed = client.get("/api/v1/commands/", {"owed": "true"}).json()["results"]
    assert [(row["number"], row["read_at"], row["sender"]) for row in listed] == [
        (command.number, None, "大碶街道 指挥室值班员")
    ]
    address = f"/api/v1/commands/{command.number}/"
    assert client.get(address).json()["read_at"]
    assert client.post(f"{address}acknowledge/").json()["acknowledged_at"]
    assert client.get("/api/v1/commands/", {"owed": "true"}).json()["results"] == []
    client.force_login(world.worker2)
    assert client.get(address).status_code == 404
    assert client.post(f"{address}acknowledge/").status_code == 404
    client.logout()
    assert client.get(address).status_code == 401
