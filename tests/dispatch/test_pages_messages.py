"""The messages page: what was sent, what would be sent, what failed; and sending again."""

import pytest
from django.urls import reverse

from dispatch.models import Channel, OutboxMessage
from dispatch.templatetags.chat import as_chat
from tests.dispatch.moments import friday
from tests.query_counts import query_count

PAGE = "dispatch:messages"
State = OutboxMessage.State


def message(street, state=State.FAILED, *, key="k", text="#### 标题", channel=None):
    return OutboxMessage.objects.create(
        street=street,
        channel=channel,
        kind="digest",
        dedupe_key=key,
        title=f"标题 {key}",
        text=text,
        state=state,
        made_at=friday("10:05"),
        next_try_at=friday("10:05"),
        attempts=5,
        reply='{"errcode":310000}',
    )


def get(client, user, **query):
    client.force_login(user)
    return client.get(reverse(PAGE), query)


def send_again(client, user, row):
    client.force_login(user)
    return client.post(reverse("dispatch:message_send_again", args=[row.pk]))


@pytest.mark.parametrize("who", ["worker", "department", "verifier", "leader", "register"])
def test_only_who_closes_the_day_or_configures_reads_messages(world, client, who):
    row = message(world.street_a)

    assert get(client, getattr(world, who)).status_code == 403
    assert send_again(client, getattr(world, who), row).status_code == 403


def test_each_street_reads_its_own_and_the_district_all(world, client):
    ours, theirs, district = (
        message(place, key=key) for place, key in ((world.street_a, "a"), (world.street_b, "b"), (None, "c"))
    )

    assert list(get(client, world.command).context["page"]) == [ours]
    assert list(get(client, world.district_officer).context["page"]) == [district, theirs, ours]
    assert list(get(client, world.admin).context["page"]) == [district, theirs, ours]


def test_states_are_tabs(world, client):
    sent, failed = message(world.street_a, State.SENT, key="s"), message(world.street_a, key="f")

    assert list(get(client, world.command, state="failed").context["page"]) == [failed]
    assert list(get(client, world.command, state="nonsense").context["page"]) == [failed, sent]


def test_without_a_robot_the_page_says_what_would_be_sent(world, client):
    message(world.street_a, State.SHOWN)

    answer = get(client, world.admin)

    assert "本应发送的内容" in answer.text
    assert reverse("admin:dispatch_channel_changelist") in answer.text
    assert reverse("admin:dispatch_channel_changelist") not in get(client, world.command).text


def test_an_empty_outbox_explains_itself(world, client):
    assert "暂无消息" in get(client, world.command).text


def test_a_failed_message_is_sent_again(world, client, handed_over, django_capture_on_commit_callbacks):
    row = message(world.street_a)
    with django_capture_on_commit_callbacks(execute=True):
        answer = send_again(client, world.command, row)
    row.refresh_from_db()

    assert answer.url == reverse(PAGE)
    assert (row.state, row.attempts) == (State.PENDING, 0)
    assert len(handed_over) == 1
    assert "一分钟内重新发送" in get(client, world.command).text


def test_what_was_sent_already_is_not_sent_again(world, client):
    row = message(world.street_a, State.SENT)
    send_again(client, world.command, row)

    assert "无需重发" in get(client, world.command).text
    assert OutboxMessage.objects.get().state == State.SENT


def test_foreign_and_missing_messages_give_404_and_get_is_no_act(world, client):
    row = message(world.street_b)

    assert send_again(client, world.command, row).status_code == 404
    client.force_login(world.command)
    assert client.post(reverse("dispatch:message_send_again", args=[10**9])).status_code == 404
    assert client.get(reverse("dispatch:message_send_again", args=[row.pk])).status_code == 405


def test_a_message_is_shown_as_the_group_sees_it():
    text = "#### 大碶街道 10:00\n\n超时 **2** 件\n\n1. [20261120](http://weige.example/incidents/1/) · 燃气\n2. 噪音"

    assert as_chat(text) == (
        '<p class="chat-title">大碶街道 10:00</p><p>超时 <strong>2</strong> 件</p>'
        '<ul><li><a href="http://weige.example/incidents/1/" rel="noopener">20261120</a> · 燃气</li><li>噪音</li></ul>'
    )


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "[x](javascript:alert(1))", '[x](http://a"onclick="b)', "**<img src=x>**"],
)
def test_nothing_in_a_message_becomes_a_script(text):
    shown = as_chat(text)

    assert "<script" not in shown
    assert "<img" not in shown
    assert 'href="javascript' not in shown
    assert '"onclick' not in shown


def test_messages_ask_a_fixed_number_of_queries(world, client):
    channel = Channel.objects.create(name="工作群", street=world.street_a, token="t")
    for key in "abc":
        message(world.street_a, key=key, channel=channel)
    client.force_login(world.command)
    with query_count(PAGE):
        client.get(reverse(PAGE))
