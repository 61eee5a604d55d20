"""Small files on their way into the register, for the tests of runs, command and API."""

import io

from accounts.models import User
from grids.models import Unit
from households.loading import runs
from households.models import RegisterLoad
from tests.households.homes import card
from tests.world import World

HEADER = "户号,村社,网格,微网格,地址,姓名,身份证号,与户主关系,联系电话"


def line(
    home: int, name: str, number: str, *, place: str = "高田王村,1网格,1微网格", phone: str = "13800000001"
) -> str:
    """One person; the first of a household is its head."""
    return f"{home},{place},新村三组{home}号,{name},{number},户主,{phone}"


FAMILY = (
    line(1, "王大明", card("19700101")),
    line(1, "李小红", card("19720202")).replace("户主", "配偶"),
    line(2, "张志强", card("19650303"), place="高田王村,1网格,2微网格"),
)


def csv(*lines: str, header: str = HEADER) -> io.BytesIO:
    """A file as a village would send it."""
    return io.BytesIO("\n".join((header, *lines)).encode("utf-8-sig"))


def received(world: World, *lines: str, actor: User | None = None, scope: Unit | None = None) -> RegisterLoad:
    """A file in the store, not read yet."""
    file = csv(*(lines or FAMILY))
    return runs.receive(file, name="台账.csv", actor=actor or world.register, scope=scope or world.street_a)


def ready(world: World, *lines: str, actor: User | None = None, scope: Unit | None = None) -> RegisterLoad:
    """A file that was read and compared."""
    load = runs.read(received(world, *lines, actor=actor, scope=scope).pk)
    assert load is not None
    assert load.state == RegisterLoad.State.READY, load.refusal
    return load


def applied(world: World, *lines: str, actor: User | None = None, scope: Unit | None = None) -> RegisterLoad:
    load = ready(world, *lines, actor=actor, scope=scope)
    runs.confirm(load, actor=actor or world.register)
    done = runs.apply(load.pk)
    assert done is not None
    assert done.state == RegisterLoad.State.APPLIED, done.refusal
    return done
