"""The outbox: what is owed leaves once, within the robot's limit, or says why it didn't."""

import logging
import threading
import time
from datetime import timedelta

import pytest
from django.db import connection, transaction

import clock
from accounts.models import User
from accounts.sealing import seal
from dispatch import channels, claims, delivery, outbox, pacing
from dispatch.channels import Outcome, Reply
from dispatch.models import Channel, OutboxAttempt, OutboxMessage
from tests.dispatch.moments import friday
from tests.robot import SECRET, TOKEN, TOO_FAST

TEN = friday("10:05")
State = OutboxMessage.State
FACTS = {"kind": "digest", "title": "整点提醒", "text": "超时 3 件", "street": None}

pytestmark = pytest.mark.django_db


def put(channel: Channel | None, key: str = "k1", *, at=TEN) -> OutboxMessage:
    message = outbox.enqueue(
        kind="digest", key=key, title="整点提醒", text=f"消息 {key}", street=None, channel=channel, at=at
    )
    assert message is not None
    return message


def state(message: OutboxMessage) -> str:
    message.refresh_from_db()
    return message.state


def test_a_message_is_written_with_its_cause_and_handed_over_after_the_commit(
    robot, handed_over, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True) as callbacks:
        message = put(robot.channel())
        assert handed_over == []

    assert len(callbacks) == 1
    assert handed_over == [("dispatch.tasks.deliver_message", [message.pk])]


def test_a_cause_that_is_rolled_back_leaves_no_message(robot):
    channel = robot.channel()
    with transaction.atomic():
        put(channel)
        transaction.set_rollback(True)

    assert not OutboxMessage.objects.exists()


def test_a_broker_that_is_away_leaves_the_message_to_the_next_minute(
    robot, monkeypatch, django_capture_on_commit_callbacks, caplog
):
    def away(*args, **options):
        raise ConnectionError

    monkeypatch.setattr(outbox.current_app, "send_task", away)
    with django_capture_on_commit_callbacks(execute=True):
        message = put(robot.channel())

    delivery.deliver_due(TEN)
    assert state(message) == State.SENT


def test_the_same_key_is_written_once(robot):
    channel = robot.channel()
    put(channel)

    assert outbox.enqueue(kind="digest", key="k1", title="x", text="x", street=None, channel=channel) is None
    assert OutboxMessage.objects.count() == 1


def test_a_message_is_sent_and_the_reply_kept(robot):
    message = put(robot.channel())
    done = delivery.deliver_due(TEN)

    assert (done.sent, done.failed, done.put_off) == (1, 0, 0)
    assert state(message) == State.SENT
    assert (message.sent_at, message.attempts, message.reply) == (TEN, 1, "0 ok")
    assert robot.texts == ["消息 k1"]


def test_sent_is_sent_once(robot):
    message = put(robot.channel())
    delivery.deliver(message.pk, TEN)
    delivery.deliver(message.pk, TEN)
    delivery.deliver_due(TEN)

    assert len(robot.heard) == 1


def test_a_wrong_signature_fails_at_once(robot, caplog):
    message = put(robot.channel(secret="SECwrong"))
    done = delivery.deliver_due(TEN)

    assert done.failed == 1
    assert state(message) == State.FAILED
    assert message.reply == "310000 sign not match"
    assert "was not delivered" in caplog.text
    assert TOKEN not in caplog.text


def test_too_fast_mutes_the_robot_for_ten_minutes_and_keeps_the_message(robot):
    robot.answers = [TOO_FAST]
    channel = robot.channel()
    first, second = put(channel), put(channel, "k2")
    delivery.deliver_due(TEN)

    channel.refresh_from_db()
    assert channel.held_until == TEN + timedelta(minutes=10)
    assert (state(first), state(second)) == (State.PENDING, State.PENDING)
    assert len(robot.heard) == 1, "the second message waits too"

    delivery.deliver_due(TEN + timedelta(minutes=9))
    assert len(robot.heard) == 1
    delivery.deliver_due(TEN + timedelta(minutes=10))
    assert (state(first), state(second)) == (State.SENT, State.SENT)
    assert first.attempts == 1, "an attempt that the robot's limit refused doesn't count"


def test_a_muted_robot_does_not_hold_up_another(robot):
    muted, free = robot.channel(held_until=TEN + timedelta(minutes=5)), robot.channel()
    waiting, going = put(muted), put(free, "k2")
    delivery.deliver_due(TEN)

    assert (state(waiting), state(going)) == (State.PENDING, State.SENT)


@pytest.mark.parametrize("answer", [{"errcode": -1, "errmsg": "busy"}, 500, b"nonsense"])
def test_what_may_pass_is_tried_after_one_two_four_and_eight_minutes_and_then_given_up(robot, answer):
    message, at = put(robot.channel()), TEN
    for minutes in (1, 2, 4, 8):
        robot.answers = [answer]
        delivery.deliver_due(at)
        assert state(message) == State.PENDING
        assert message.next_try_at == at + timedelta(minutes=minutes) + pacing.jitter(message.dedupe_key)
        delivery.deliver_due(message.next_try_at - timedelta(seconds=1))
        at = message.next_try_at
    robot.answers = [answer]
    delivery.deliver_due(at)

    assert state(message) == State.FAILED
    assert (message.attempts, len(robot.heard)) == (5, 5)


def test_a_timeout_is_tried_again_and_may_then_arrive(robot, monkeypatch):
    send = channels.send
    monkeypatch.setattr(channels, "send", lambda *args: send(*args, timeout=0.05))
    robot.hang.clear()
    message = put(robot.channel())
    delivery.deliver_due(TEN)
    assert state(message) == State.PENDING
    assert message.reply.startswith("no answer")

    robot.hang.set()
    delivery.deliver_due(message.next_try_at)
    assert state(message) == State.SENT


def test_sixty_messages_in_a_minute_leave_eighteen_a_minute(robot):
    channel = robot.channel()
    for number in range(60):
        put(channel, f"k{number}")

    for minute, heard in ((0, 18), (0.5, 18), (1, 36), (2, 54), (3, 60)):
        delivery.deliver_due(TEN + timedelta(minutes=minute))
        assert len(robot.heard) == heard
    assert len(set(robot.texts)) == 60


def test_a_worker_that_died_after_the_claim_is_noticed_and_the_message_goes_out_again(robot, caplog):
    message = put(robot.channel())
    claimed, is_claimed = claims.claim(claims.due_messages(TEN), TEN)  # and then the worker is killed
    assert (claimed, is_claimed) == (message, True)

    delivery.deliver_due(TEN + timedelta(seconds=59))
    assert robot.heard == [], "the claim is a lease of a minute"
    delivery.deliver_due(TEN + timedelta(seconds=60))
    assert state(message) == State.SENT
    assert message.attempts == 2
    assert "may have arrived twice" in message.reply
    assert "may have arrived twice" in caplog.text


def test_a_loss_is_an_attempt_of_its_own_and_counted_once(robot):
    """Killed between claim and record, then kept waiting by a mute: one unknown attempt, one that arrived."""
    message = put(robot.channel())
    claims.claim(claims.due_messages(TEN), TEN)
    Channel.objects.update(held_until=TEN + timedelta(minutes=5))
    for minute in (1, 2, 5):
        delivery.deliver_due(TEN + timedelta(minutes=minute))

    assert state(message) == State.SENT
    assert list(message.tries.values_list("outcome", "at")) == [
        ("unknown", TEN),
        ("sent", TEN + timedelta(minutes=5)),
    ]


@pytest.mark.parametrize("wait", [timedelta(days=1), timedelta(minutes=16)])
def test_a_clock_that_is_set_back_leaves_no_lease_and_no_mute_behind(robot, wait):
    message = put(robot.channel(held_until=TEN + wait), at=TEN + wait)
    OutboxMessage.objects.update(attempts=1, tried_at=TEN + wait, next_try_at=TEN + wait + pacing.LEASE)
    delivery.deliver_due(TEN)

    assert state(message) == State.SENT


def test_a_late_failure_does_not_overrule_who_took_over(robot):
    message = put(robot.channel())
    slow, _is_claimed = claims.claim(claims.due_messages(TEN), TEN)
    delivery.deliver_due(TEN + timedelta(minutes=1))
    claims.record(slow, Reply(Outcome.REFUSED, "310000"), TEN + timedelta(minutes=2))

    assert state(message) == State.SENT


def test_each_attempt_is_kept_with_what_the_robot_said(robot):
    robot.answers = [{"errcode": -1, "errmsg": f"busy, {TOKEN}"}]
    message = put(robot.channel())
    delivery.deliver_due(TEN)
    delivery.deliver_due(TEN + timedelta(minutes=2))

    assert list(message.tries.values_list("outcome", "reply")) == [
        ("retry", '{"errcode": -1, "errmsg": "busy, …"}'),
        ("sent", '{"errcode": 0, "errmsg": "ok"}'),
    ]


def test_trouble_stands_on_the_channel_until_a_message_gets_through(robot):
    channel = robot.channel(secret="SECwrong")
    message = put(channel)
    delivery.deliver_due(TEN)
    channel.refresh_from_db()
    assert channel.trouble == "310000 sign not match"

    channel.secret = SECRET
    channel.save()
    outbox.send_again(message, actor=User(pk=1), at=TEN)
    delivery.deliver_due(TEN)
    channel.refresh_from_db()
    assert (channel.trouble, state(message)) == ("", State.SENT)


def test_a_digest_that_waited_beyond_its_hour_is_passed_over_and_says_why(robot):
    channel = robot.channel(quiet_from=TEN.time(), quiet_until=friday("11:30").time())
    old, new, urgent = (
        outbox.enqueue(**FACTS, key=key, channel=channel, at=at, good_until=until, is_urgent=key == "urgent")
        for key, at, until in (
            ("old", friday("10:10"), friday("11:00")),
            ("new", friday("11:10"), friday("12:00")),
            ("urgent", friday("11:10"), None),
        )
    )
    delivery.deliver_due(friday("11:10"))
    assert (state(old), state(new), state(urgent)) == (State.SKIPPED, State.PENDING, State.SENT)
    assert old.reply == pacing.OVERTAKEN
    delivery.deliver_due(friday("11:30"))
    assert (state(new), len(robot.heard)) == (State.SENT, 2)


def test_a_whole_channel_is_sent_again_but_for_what_is_overtaken(robot, handed_over):
    channel = robot.channel(secret="SECwrong", trouble="310000 sign not match")
    old, other, foreign = (
        outbox.enqueue(**FACTS, key=key, channel=place, at=TEN, good_until=until)
        for key, place, until in (
            ("old", channel, friday("11:00")),
            ("other", channel, None),
            ("foreign", robot.channel(), None),
        )
    )
    OutboxMessage.objects.update(state=State.FAILED, attempts=5)
    Channel.objects.filter(pk=channel.pk).update(secret=SECRET)
    noon = friday("12:00")

    assert outbox.send_all_again(channel, actor=User(pk=1), at=noon) == 2
    delivery.deliver_due(noon)
    assert (state(old), state(other), state(foreign)) == (State.SKIPPED, State.SENT, State.FAILED)
    assert outbox.send_all_again(channel, actor=User(pk=1), at=noon) == 0


def test_a_robot_that_does_not_answer_rests_and_holds_up_nobody(robot, monkeypatch):
    """Ten messages to it and ten to another: it is asked once, the others are through before its time is over."""
    dead, alive = robot.channel(base_url="http://127.0.0.1:1"), robot.channel()
    for number in range(10):
        put(dead, f"dead{number}")
        put(alive, f"alive{number}")
    done = delivery.deliver_due(TEN)

    dead.refresh_from_db()
    assert (done.sent, done.put_off) == (10, 1)
    assert (dead.trouble, dead.held_until) == ("no answer: ConnectionRefusedError", TEN + pacing.REST)
    assert OutboxAttempt.objects.filter(message__channel=dead).count() == 1


def test_a_channel_that_was_switched_off_fails_its_messages(robot):
    message = put(robot.channel(is_active=False))
    delivery.deliver_due(TEN)

    assert state(message) == State.FAILED
    assert robot.heard == []


def test_a_token_whose_key_is_gone_fails_and_lets_the_others_through(robot):
    broken = robot.channel()
    with connection.cursor() as cursor:
        sealed = seal(TOKEN).replace(":", "gone:", 1)
        cursor.execute("UPDATE dispatch_channel SET token = %s WHERE id = %s", [sealed, broken.pk])
    lost, sent = put(Channel.objects.defer("token", "secret").get(pk=broken.pk)), put(robot.channel(), "k2")
    delivery.deliver_due(TEN)

    assert (state(lost), state(sent)) == (State.FAILED, State.SENT)
    assert "FIELD_KEYS" in lost.reply


def test_without_a_channel_the_message_is_shown_once_in_the_log(
    handed_over, caplog, django_capture_on_commit_callbacks
):
    caplog.set_level(logging.INFO)
    with django_capture_on_commit_callbacks(execute=True):
        message = put(None)
    delivery.deliver_due(TEN)

    assert state(message) == State.SHOWN
    assert handed_over == []
    assert caplog.text.count("Would send") == 1
    assert "消息 k1" in caplog.text


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_each_message_once_and_keep_to_the_limit_together(robot, monkeypatch):
    """Two workers without a pause, in a minute of half a second: no nine and one leave within any minute."""
    began = time.monotonic()

    def fast_clock():
        return TEN + timedelta(seconds=120 * (time.monotonic() - began))

    monkeypatch.setattr(clock, "now", fast_clock)
    channel = robot.channel(per_minute=9)
    for number in range(20):
        put(channel, f"k{number}")

    def work() -> None:
        try:
            while OutboxMessage.objects.filter(state=State.PENDING).exists():
                delivery.deliver_due()
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(robot.texts) == sorted(f"消息 k{number}" for number in range(20))
    assert set(OutboxMessage.objects.values_list("state", "attempts")) == {(State.SENT, 1)}
    left = list(OutboxMessage.objects.order_by("tried_at").values_list("tried_at", flat=True))
    assert all(later - earlier >= timedelta(minutes=1) for earlier, later in zip(left, left[9:], strict=False))


@pytest.mark.django_db(transaction=True)
def test_no_lock_is_held_while_the_robot_thinks(robot):
    message = put(robot.channel())
    robot.hang.clear()
    worker = threading.Thread(target=lambda: (delivery.deliver_due(TEN), connection.close()))
    worker.start()
    while not robot.heard:
        worker.join(0.01)

    with transaction.atomic():
        free = OutboxMessage.objects.select_for_update(nowait=True).get(pk=message.pk)
        Channel.objects.select_for_update(nowait=True).get()
    assert free.state == State.PENDING
    robot.hang.set()
    worker.join()
    assert state(message) == State.SENT
