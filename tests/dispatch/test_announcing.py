"""Every group of a place hears a message once, under a key that ends with its channel."""

from importlib import import_module

from django.db import connection

from dispatch.announcing import announce, was_announced
from dispatch.models import Channel, OutboxMessage
from dispatch.wording import Message
from tests.dispatch.moments import friday
from tests.world import World

NINE = friday("09:00")
WORDS = {"message": Message("标题", "内容"), "kind": "order", "at": NINE}


def keys() -> list[str]:
    return list(OutboxMessage.objects.order_by("pk").values_list("dedupe_key", flat=True))


def test_each_group_in_use_is_told_once_and_who_joins_later_is_new(world: World, settings) -> None:
    settings.SITE_URL = "https://grid.example"
    first, second = (Channel.objects.create(name=name, street=world.street_a) for name in ("一群", "二群"))
    Channel.objects.create(name="停用", street=world.street_a, is_active=False)
    assert announce(**WORDS, key="k:1", street=world.street_a, path="zones/1/", is_urgent=True) == 2
    assert announce(**WORDS, key="k:1", street=world.street_a) == 0
    assert keys() == [f"k:1:{first.pk}", f"k:1:{second.pk}"]
    assert {(row.url, row.is_urgent) for row in OutboxMessage.objects.all()} == {
        ("https://grid.example/zones/1/", True)
    }

    third = Channel.objects.create(name="三群", street=world.street_a)
    assert announce(**WORDS, key="k:1", street=world.street_a) == 1
    assert announce(**WORDS, key="k:2", street=world.street_a, channels=[third]) == 1
    assert announce(**WORDS, key="k:1", street=None) == 1  # the district has no robot yet: kept to be seen
    assert keys()[2:] == [f"k:1:{third.pk}", f"k:2:{third.pk}", "k:1:-"]
    assert [was_announced(key) for key in ("k:1", "k:2", "k", "k:12")] == [True, True, True, False]


def test_a_ladder_that_climbs_during_an_upgrade_is_not_said_twice(db) -> None:
    """Keys that had the channel in the middle read like the new ones, and back."""
    migration = import_module("dispatch.migrations.0013_keys_end_with_the_channel")
    facts = {"title": "t", "text": "t", "made_at": NINE, "next_try_at": NINE}
    old = [
        ("escalation", "escalation:12:7:street"),
        ("escalation", "escalation:-:8:district"),
        ("order", "mode:1:ordered:-"),
    ]
    for kind, key in old:
        OutboxMessage.objects.create(kind=kind, dedupe_key=key, **facts)
    with connection.cursor() as cursor:
        cursor.execute(migration.FORWARDS)
        assert keys() == ["escalation:7:street:12", "escalation:8:district:-", "mode:1:ordered:-"]
        cursor.execute(migration.BACKWARDS)
    assert keys() == [key for _kind, key in old]
