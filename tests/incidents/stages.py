"""Incidents in every status, made by the services themselves, one act after the other."""

from datetime import UTC, datetime, timedelta

from accounts.models import User
from grids.models import Unit
from incidents import services
from incidents.models import Category, Incident, Source
from incidents.services import Draft
from incidents.workflow import Act, Status
from tests.world import BEGAN_AT, World

NINE = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)  # a Friday, 9:00 in Shanghai
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def category(world: World, level: int = 2, *, code: str = "0101") -> Category:
    """An entry of the catalogue at that level, led by the enforcement team."""
    entry, _ = Category.objects.get_or_create(
        code=f"{code}{level:02d}",
        defaults={"name": f"{level}级事项", "level": level, "lead": world.enforcement, "started_at": BEGAN_AT},
    )
    return entry


def report(
    world: World, *, level: int = 2, actor: User | None = None, unit: Unit | None = None, at: datetime = NINE
) -> Incident:
    """Reported by the worker in the first micro-grid unless told otherwise."""
    draft = Draft(
        unit=unit or world.micro_1,
        category=category(world, level),
        description="楼道口堆了旧家具，过道变窄。",
        source=Source.WORKER,
    )
    return services.report_incident(draft, actor=actor or world.worker, at=at)


def dispatched(world: World, *, at: datetime = NINE, **more: object) -> Incident:
    incident = report(world, at=at, level=int(str(more.pop("level", 2))))
    return services.dispatch(incident, actor=world.command, lead=world.enforcement, at=at + 10 * MINUTE, **more)


def in_progress(world: World, **more: object) -> Incident:
    return services.sign(dispatched(world, **more), actor=world.department, at=NINE + 20 * MINUTE)


def handled(world: World) -> Incident:
    return services.handle(in_progress(world), actor=world.department, measures="已清走旧家具。", at=NINE + HOUR)


def closed(world: World) -> Incident:
    return services.verify(handled(world), actor=world.verifier, at=NINE + 2 * HOUR)


def archived(world: World) -> Incident:
    incident = services.evaluate(closed(world), actor=world.command, score="satisfied", at=NINE + 3 * HOUR)
    return services.archive(incident, actor=world.command, at=NINE + 4 * HOUR)


def returned(world: World) -> Incident:
    return services.return_incident(
        dispatched(world), actor=world.department, note="属物业职责。", at=NINE + 30 * MINUTE
    )


def asked_to_suspend(world: World) -> Incident:
    incident = in_progress(world)
    services.ask_suspension(
        incident, actor=world.department, reason="等配件。", until=NINE + timedelta(days=5), at=NINE + 30 * MINUTE
    )
    return incident


def suspended(world: World) -> Incident:
    return services.decide_suspension(asked_to_suspend(world), actor=world.command, approve=True, at=NINE + HOUR)


def merged(world: World) -> Incident:
    into = report(world)
    return services.merge(report(world), into=into, actor=world.command, at=NINE + HOUR)


def void(world: World) -> Incident:
    return services.void(report(world), actor=world.command, note="测试上报。", at=NINE + HOUR)


STAGES = {
    Status.REPORTED: report,
    Status.DISPATCHED: dispatched,
    Status.IN_PROGRESS: asked_to_suspend,
    Status.HANDLED: handled,
    Status.CLOSED: closed,
    Status.ARCHIVED: archived,
    Status.RETURNED: returned,
    Status.SUSPENDED: suspended,
    Status.MERGED: merged,
    Status.VOID: void,
}

RIGHT_ACTOR = {
    Act.SETTLE: "worker",
    Act.TRIAGE: "command",
    Act.DISPATCH: "command",
    Act.REDISPATCH: "command",
    Act.SIGN: "department",
    Act.RETURN: "department",
    Act.HANDLE: "department",
    Act.VERIFY: "verifier",
    Act.REJECT: "verifier",
    Act.SUSPEND: "command",
    Act.RESUME: "command2",
    Act.EVALUATE: "command",
    Act.REOPEN: "command",
    Act.REOPEN_TO_TRIAGE: "command",
    Act.ARCHIVE: "command",
    Act.MERGE: "command",
    Act.VOID: "command",
}


def act_on(world: World, incident: Incident, act: Act, *, actor: User, at: datetime = NINE + 6 * HOUR) -> Incident:
    """Do the act with everything that it needs."""
    if act == Act.MERGE:
        into = report(world, at=NINE + 5 * HOUR)
        return services.merge(incident, into=into, actor=actor, at=at)
    calls = {
        Act.SETTLE: lambda: services.settle(incident, actor=actor, measures="已劝离。", at=at),
        Act.TRIAGE: lambda: services.triage(incident, actor=actor, level=3, at=at),
        Act.DISPATCH: lambda: services.dispatch(incident, actor=actor, lead=world.police, at=at),
        Act.REDISPATCH: lambda: services.redispatch(incident, actor=actor, lead=world.police, note="改派", at=at),
        Act.SIGN: lambda: services.sign(incident, actor=actor, at=at),
        Act.RETURN: lambda: services.return_incident(incident, actor=actor, note="不属本队", at=at),
        Act.HANDLE: lambda: services.handle(incident, actor=actor, measures="已处理", at=at),
        Act.VERIFY: lambda: services.verify(incident, actor=actor, at=at),
        Act.REJECT: lambda: services.reject(incident, actor=actor, note="现场未清", at=at),
        Act.SUSPEND: lambda: services.decide_suspension(incident, actor=actor, approve=True, at=at),
        Act.RESUME: lambda: services.resume(incident, actor=actor, at=at),
        Act.EVALUATE: lambda: services.evaluate(incident, actor=actor, score="satisfied", at=at),
        Act.REOPEN: lambda: services.reopen(incident, actor=actor, note="问题又出现", at=at),
        Act.REOPEN_TO_TRIAGE: lambda: services.reopen(incident, actor=actor, note="问题又出现", at=at),
        Act.ARCHIVE: lambda: services.archive(incident, actor=actor, at=at + timedelta(days=4)),
        Act.VOID: lambda: services.void(incident, actor=actor, note="无此事", at=at),
    }
    return calls[act]()
