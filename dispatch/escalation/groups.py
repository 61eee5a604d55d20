"""The chat groups that hear of single incidents, remembered for as long as one pass up the ladders lasts."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from dispatch.announcing import channels_of
from dispatch.models import Channel, OutboxMessage
from grids.models import Unit

KIND: Final = "escalation"
MOST_AN_HOUR: Final = 30
"""Messages about single incidents that one group gets in an hour. On a bad day the hourly digest says the rest: a
robot speaks 18 times a minute at most, and the digest and the close-out must not wait behind five hundred of these."""

Key = tuple[int | None, int | None]


@dataclass
class Groups:
    """Who listens in a street or the district (None), asked for once: hundreds of incidents speak to the same few."""

    now: datetime
    _channels: dict[int | None, list[Channel | None]] = field(default_factory=dict)
    _heard: dict[Key, int] = field(default_factory=dict)

    def listening(self, street: Unit | None) -> list[Channel | None]:
        """The groups that haven't had their share of the past hour; None stands for a street without any robot."""
        place = street.pk if street else None
        if place not in self._channels:
            self._channels[place] = channels_of(street)
        return [channel for channel in self._channels[place] if self._count(channel, street) < MOST_AN_HOUR]

    def told(self, channels: Iterable[Channel | None], street: Unit | None) -> None:
        """Each of these got one message more."""
        for channel in channels:
            self._heard[_key(channel, street)] += 1

    def _count(self, channel: Channel | None, street: Unit | None) -> int:
        key = _key(channel, street)
        if key not in self._heard:
            recent = OutboxMessage.objects.filter(kind=KIND, made_at__gt=self.now - timedelta(hours=1))
            where = {"channel": channel} if channel else {"channel": None, "street": street}
            self._heard[key] = recent.filter(**where).count()
        return self._heard[key]


def _key(channel: Channel | None, street: Unit | None) -> Key:
    """A robot may speak in several places, and hears itself in all of them; without one each place counts alone."""
    return (channel.pk, None) if channel else (None, street.pk if street else None)
