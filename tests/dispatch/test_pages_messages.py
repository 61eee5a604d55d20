"""The messages page: what was sent, what would be sent, what failed; and sending again."""

from datetime import timedelta

import pytest
from django.urls import reverse

import clock
from accounts.errors import Forbidden
from dispatch.message_words import explained
from dispatch.models import Channel, OutboxAttempt, OutboxMessage
from dispatch.templatetags.chat import as_chat
from dispatch.trials import try_channel
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


def shown(answer):
    """All messages of a page, dead letters first."""
    return [*answer.context["dead"], *answer.context["page"]]


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

    assert shown(get(client, world.command)) == [ours]
    assert shown(get(client, world.district_officer)) == [district, theirs, ours]
    assert shown(get(client, world.admin)) == [district, theirs, ours]


def test_states_are_tabs(world, client):
    sent, failed = message(world.street_a, State.SENT, key="s"), message(world.street_a, key="f")

    assert shown(get(client, world.command, state="failed")) == [failed]
    assert shown(get(client, world.command, state="nonsense")) == [failed, sent]


def test_what_was_sent_is_turned_page_by_page_and_not_counted(world, client):
    message(world.street_a, key="failed")
    sent = [message(world.street_a, State.SENT, key=str(number)) for number in range(52)]
    first, second, beyond = (get(client, world.command, page=number) for number in ("1", "2", "3"))

    assert [tab["count"] for tab in first.context["tabs"]] == [None, 0, None, 1, None, None]
    assert list(first.context["page"]) == list(beyond.context["page"]) == sent[:1:-1]
    assert (list(second.context["page"]), second.context["page"].has_next()) == (sent[1::-1], False)
    assert "page=2" in first.text


def test_a_channel_and_a_kind_are_chosen_and_others_are_nobodys_to_choose(world, client):
    ours, foreign = (
        Channel.objects.create(name=name, street=street, token="t")
        for name, street in (("工作群", world.street_a), ("外街道群", world.street_b))
    )
    of_channel = message(world.street_a, State.SENT, key="c", channel=ours)
    other = message(world.street_a, State.SENT, key="o")
    answer = get(client, world.command, channel=ours.pk, kind="digest")

    assert shown(answer) == [of_channel]
    assert f"channel={ours.pk}" in answer.context["tabs"][1]["url"]
    assert shown(get(client, world.command, kind="close_out")) == []
    assert shown(get(client, world.command, channel=foreign.pk)) == [other, of_channel], "no choice, no filter"
    assert "外街道群" not in answer.text


def test_dead_letters_come_first_and_say_what_to_mend(world, client, robot):
    channel = robot.channel(street=world.street_a, trouble="310000 sign not match", secret="SECwrong")
    failed = message(world.street_a, key="f", channel=channel)
    sent = message(world.street_a, State.SENT, key="s", channel=channel)
    OutboxMessage.objects.filter(pk=failed.pk).update(reply="310000 sign not match")
    OutboxAttempt.objects.create(message=failed, at=friday("10:05"), outcome="refused", reply='{"errcode":1}')
    officer, admin = get(client, world.command), get(client, world.admin)

    assert shown(officer) == [failed, sent]
    for answer in (officer, admin):
        assert "核对加签密钥" in answer.text
    assert "{&quot;errcode&quot;:1}" in admin.text, "who configures reads the answer word for word"
    assert "{&quot;errcode&quot;:1}" not in officer.text


@pytest.mark.parametrize(
    ("kind", "reply", "word"),
    [
        ("dingtalk", "310000 sign not match", "加签密钥"),
        ("dingtalk", "310000 keywords not in content", "关键词"),
        ("dingtalk", "310000 ip 1.2.3.4 not in whitelist", "出口地址"),
        ("dingtalk", "310000 description:关键词不匹配;solution:请联系群管理员查看此机器人的关键词", "关键词"),
        ("dingtalk", "310000 description:机器人发送签名不匹配；solution:请确认机器人的密钥填写正确", "加签密钥"),
        ("dingtalk", "310000 description:来源IP不匹配;solution:请联系群管理员查看此机器人的白名单", "出口地址"),
        ("dingtalk", "400101 access_token is not exist", "令牌"),
        ("wecom", "93000 invalid webhook url", "令牌"),
        ("feishu", "19021 sign match fail", "加签密钥"),
        ("feishu", "11232 busy", "繁忙"),
        ("email", "SMTP 550 recipients refused", "收件"),
        ("email", "SMTP 535 SMTPAuthenticationError", "EMAIL_HOST_USER"),
        ("dingtalk", "no answer: TimeoutError", "网络"),
        ("dingtalk", "HTTP 404", "接口地址"),
        ("dingtalk", "HTTP 503", "繁忙"),
        ("dingtalk", "999999 never seen", ""),
    ],
)
def test_a_reply_is_explained_in_words(kind, reply, word):
    assert word in str(explained(kind, reply))
    assert bool(word) == bool(explained(kind, reply))


def test_each_channel_says_how_it_stands(world, client, stop_clock):
    stop_clock(friday("23:00"))
    at = {"quiet_from": friday("22:00").time(), "quiet_until": friday("07:00").time()}
    for code, facts in {
        "ok": {},
        "off": {"is_active": False},
        "trouble": {"trouble": "no answer: TimeoutError"},
        "muted": {"held_until": friday("23:05")},
        "quiet": at,
    }.items():
        Channel.objects.create(name=code, street=world.street_a, **facts)
    context = get(client, world.command).context

    assert {each.channel.name: each.code for each in context["pressing"] + context["at_rest"]} == {
        code: code for code in ("ok", "off", "trouble", "muted", "quiet")
    }
    assert [each.code for each in context["pressing"]] == ["trouble"]


# -- trying a channel --------------------------------------------------------------------------------------------
def test_a_test_shows_the_robots_answer_at_once(world, client, robot):
    channel = robot.channel(street=world.street_a)
    client.force_login(world.admin)
    answer = client.post(reverse("dispatch:channel_test", args=[channel.pk]), follow=True)
    row = OutboxMessage.objects.get()

    assert "测试消息已送达" in answer.text
    assert "0 ok" in answer.text
    assert (row.kind, row.state, row.tries.get().outcome) == ("test", State.SENT, "sent")
    assert f"test:{channel.pk}:{world.admin.pk}:" in row.dedupe_key, "who asked is kept"
    assert world.admin.get_full_name() not in robot.texts[0]


@pytest.mark.parametrize(
    ("facts", "word"),
    [({"secret": "SECwrong"}, "核对加签密钥"), ({"base_url": "http://127.0.0.1:1"}, "没有响应")],
)
def test_a_channel_that_fails_its_test_says_why_and_is_not_tried_again(world, client, robot, facts, word):
    channel = robot.channel(**facts)
    client.force_login(world.admin)
    for _time in range(2):
        answer = client.post(reverse("dispatch:channel_test", args=[channel.pk]), follow=True)
    channel.refresh_from_db()

    assert word in answer.text
    assert channel.trouble
    assert set(OutboxMessage.objects.values_list("state", "attempts")) == {(State.FAILED, 1)}
    assert not get(client, world.admin).context["dead"], "a test is no dead letter"


def test_a_muted_robot_is_left_alone_and_only_who_configures_may_try(world, client, robot):
    channel = robot.channel(street=world.street_a, held_until=clock.now() + timedelta(minutes=5))
    client.force_login(world.admin)
    assert "稍后" in client.post(reverse("dispatch:channel_test", args=[channel.pk]), follow=True).text
    assert client.post(reverse("dispatch:channel_test", args=[10**9])).status_code == 404
    client.force_login(world.command)
    assert client.post(reverse("dispatch:channel_test", args=[channel.pk])).status_code == 403
    with pytest.raises(Forbidden):
        try_channel(channel, actor=world.command)
    assert robot.heard == []


def test_a_whole_channel_is_sent_again_by_who_may_read_it(world, client, robot):
    channel = robot.channel(street=world.street_a)
    for key in "ab":
        message(world.street_a, key=key, channel=channel)
    client.force_login(world.outsider)
    assert client.post(reverse("dispatch:channel_send_again", args=[channel.pk])).status_code == 404
    client.force_login(world.command)
    answer = client.post(reverse("dispatch:channel_send_again", args=[channel.pk]), follow=True)

    assert "重新发送 2 条" in answer.text
    assert set(OutboxMessage.objects.values_list("state", "attempts")) == {(State.PENDING, 0)}


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
