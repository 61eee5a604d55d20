"""Delivering the outbox: claim, send, record; never a network call while a lock is held.

A round talks to several robots at a time, to each with one message: a robot that takes its time keeps one of the
places and nobody else. The database is asked by the round's own thread alone.
"""

import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import clock
from dispatch import channels
from dispatch.channels import Reply
from dispatch.claims import claim, due_messages, record, robot_of, words_of
from dispatch.models import OutboxMessage

PLACES: Final = 8
PATIENCE_SECONDS: Final = 45.0
"""A round claims nothing more after this long: the next minute's goes on, and beat never waits for two."""

State = OutboxMessage.State


@dataclass(slots=True)
class Delivered:
    """What one round did."""

    sent: int = 0
    failed: int = 0
    put_off: int = 0
    skipped: int = 0

    def count(self, message: OutboxMessage) -> None:
        self.sent += message.state == State.SENT
        self.failed += message.state == State.FAILED
        self.put_off += message.state == State.PENDING
        self.skipped += message.state == State.SKIPPED


def deliver_due(now: datetime | None = None, limit: int = 1000, places: int = PLACES) -> Delivered:
    """Send what is due, the oldest first, as far as each robot's limit goes; at most `limit` messages."""
    with ThreadPoolExecutor(places, thread_name_prefix="robot") as pool:
        return _Round(pool, places, _moments(now)).run(limit)


def deliver(message_id: int, now: datetime | None = None) -> Delivered:
    """Send this message if it is due and nobody else is sending it."""
    moment, done = _moments(now), Delivered()
    at = moment()
    message, is_claimed = claim(due_messages(at).filter(pk=message_id), at)
    if message and is_claimed:
        robot = robot_of(message)
        reply = robot if isinstance(robot, Reply) else channels.send(robot, words_of(message))
        message = record(message, reply, moment())
    if message:
        done.count(message)
    return done


def _moments(now: datetime | None) -> Callable[[], datetime]:
    return clock.now if now is None else lambda: now


@dataclass(slots=True)
class _Round:
    pool: ThreadPoolExecutor
    places: int
    moment: Callable[[], datetime]
    done: Delivered = field(default_factory=Delivered)
    talking: dict[Future[Reply], OutboxMessage] = field(default_factory=dict)
    passed: set[int | None] = field(default_factory=set)
    """Channels that take no more in this round: their minute is full, they are quiet, or they didn't take the last."""

    def run(self, limit: int) -> Delivered:
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            while limit and len(self.talking) < self.places and time.monotonic() < until and self._take_one():
                limit -= 1
            if not self.talking:
                return self.done
            self._hear()

    def _take_one(self) -> bool:
        """Settle or begin with the first message that is free; False when there is none."""
        at = self.moment()
        busy = self.passed | {message.channel_id for message in self.talking.values()}
        message, is_claimed = claim(due_messages(at).exclude(channel__in=busy), at)
        if message is None:
            return False
        robot = robot_of(message) if is_claimed else None
        if isinstance(robot, Reply):
            message = record(message, robot, self.moment())
        elif robot:
            self.talking[self.pool.submit(channels.send, robot, words_of(message))] = message
            return True
        self._settled(message)
        return True

    def _hear(self) -> None:
        """Record what the first robots to answer said."""
        answered, _others = wait(self.talking, return_when=FIRST_COMPLETED)
        for future in answered:
            self._settled(record(self.talking.pop(future), future.result(), self.moment()))

    def _settled(self, message: OutboxMessage) -> None:
        self.done.count(message)
        if message.state == State.PENDING:
            self.passed.add(message.channel_id)
