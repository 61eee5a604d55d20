"""The hourly digest of 300 channels: `python -m benchmarks.digest [--channels 300] [--thinks 0.1] [--silent 3]`.

Written for every street and the district, then delivered to robots on loopback that take their time, some of which
never answer. The same round is measured with eight places and with one, which is one robot after the other, in the
same run on the same rows. Prints what `docs/performance.md` quotes.
"""

import argparse
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice

from benchmarks.rig import bare_database, say, seconds

NOW = datetime(2026, 11, 20, 7, 5, tzinfo=UTC)  # 15:05 in Shanghai
INCIDENTS, OPEN = 50_000, 20_000


def main(channels: int, thinks: float, silent: int) -> None:
    with bare_database():
        from benchmarks import million
        from tests.robot import listening

        million.build(NOW, incidents=INCIDENTS, still_open=OPEN)
        with listening() as robot:
            robot.thinks = thinks
            make_channels(robot, channels, silent)
            write(channels)
            one = deliver(robot, places=1)
            start_over()
            several = deliver(robot, places=8)
        say("one after another, against eight at a time", one / several, "x")


def make_channels(robot, channels: int, silent: int) -> None:
    """Robots of the streets in turn; the first ones take a connection and say nothing until the time is over."""
    from grids.models import Kind, Unit

    streets = cycle(Unit.objects.filter(kind=Kind.STREET).order_by("code"))
    for number, street in enumerate(islice(streets, channels)):
        kind = ("dingtalk", "wecom", "feishu")[number % 3]
        address = silent_address() if number < silent else robot.url
        robot.channel(name=f"群{number}", kind=kind, street=street, base_url=address)


def silent_address() -> str:
    """Where connections are taken and nothing is ever said."""
    import socket

    door = socket.create_server(("127.0.0.1", 0))
    _OPEN.append(door)
    return f"http://127.0.0.1:{door.getsockname()[1]}"


_OPEN: list = []


def write(channels: int) -> None:
    from dispatch.digest import push_reminders
    from dispatch.models import OutboxMessage

    say(f"digests written for {channels} channels", seconds(lambda: push_reminders(NOW)), "s")
    # The digest of the district has no channel here and is only shown.
    written = OutboxMessage.objects.exclude(channel=None)
    say("messages to deliver", written.count(), "rows")


def deliver(robot, *, places: int) -> float:
    """How long it takes until every robot that answers has heard its digest."""
    from dispatch import delivery
    from dispatch.models import OutboxMessage

    robot.heard.clear()
    delivery.PATIENCE_SECONDS = 600.0  # one round, however long it takes
    spent = seconds(lambda: delivery.deliver_due(NOW + timedelta(seconds=30), places=places))
    sent = OutboxMessage.objects.filter(state=OutboxMessage.State.SENT).count()
    say(f"delivered to {sent} channels, {places} at a time", spent, "s")
    if sent != len(robot.heard):
        raise SystemExit(f"{sent} are noted as sent, the robots heard {len(robot.heard)}")
    return spent


def start_over() -> None:
    """The same messages as before the first round."""
    from dispatch.models import Channel, OutboxMessage

    OutboxMessage.objects.exclude(channel=None).update(state="pending", attempts=0, next_try_at=NOW, reply="")
    Channel.objects.update(held_until=None, trouble="", spoke_at=[])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--channels", type=int, default=300)
    parser.add_argument("--thinks", type=float, default=0.1, help="seconds that a robot takes for its answer")
    parser.add_argument("--silent", type=int, default=3, help="robots that never answer")
    asked = parser.parse_args()
    main(asked.channels, asked.thinks, asked.silent)
