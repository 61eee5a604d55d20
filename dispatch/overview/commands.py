"""Which commands a user sees, and how far one has come, tier by tier. Figures are of units, never of people."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.http import Http404
from django.utils.translation import gettext as _

from accounts.models import User
from dispatch.commanding import owing
from dispatch.models import Command, CommandReceipt
from grids.models import Ability, Kind, Post, Unit
from grids.posts import area_filter, current, posts_with

_BELOW = {Kind.STREET: Kind.COMMUNITY, Kind.AREA: Kind.COMMUNITY, Kind.COMMUNITY: Kind.GRID, Kind.GRID: Kind.MICRO_GRID}
"""The tier that opens below a unit of each kind."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many got a command in one place, read it, acknowledged it."""

    sent: int = 0
    read: int = 0
    acknowledged: int = 0

    def answered(self, command: Command) -> int:
        """How many did what was asked of them."""
        return self.acknowledged if command.needs_ack else self.read


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the tree of progress. `unit` empty: those who serve the place above itself."""

    unit: Unit | None
    progress: Progress
    opens: bool


@dataclass(frozen=True, slots=True)
class Reach:
    """The units that a user may command, and those of them that a list can hold."""

    units: QuerySet[Unit]
    offered: QuerySet[Unit]


def commandable_by(user: User) -> Reach:
    """Where one of the user's posts gives the ability. A whole district offers no grids: there are thousands."""
    where = area_filter(posts_with(user, Ability.COMMAND))
    units = Unit.objects.filter(where or Q(), retired_at=None).exclude(kind=Kind.HOUSEHOLD)
    kinds = [Kind.STREET, Kind.AREA, Kind.COMMUNITY, *([Kind.GRID] if where is not None else [])]
    related = units.select_related("street", "community", "grid", "micro_grid")
    return Reach(units, related.filter(kind__in=kinds).order_by("tree_id", "lft"))


def sent_to(user: User) -> QuerySet[CommandReceipt]:
    """The user's own receipts, the newest command first."""
    return CommandReceipt.objects.filter(user=user).select_related("command").order_by("-command__sent_at", "-pk")


def owed_by(user: User) -> QuerySet[CommandReceipt]:
    """The user's receipts that wait for their answer, the nearest time first."""
    rows = owing(CommandReceipt.objects.filter(user=user)).select_related("command")
    return rows.order_by(F("command__due_at").asc(nulls_last=True), "command__sent_at")


def overseen_by(user: User) -> QuerySet[Command]:
    """The commands to units that the user may command: those of the own room, whoever of it sent them."""
    where = area_filter(posts_with(user, Ability.COMMAND))
    commands = Command.objects.select_related("target", "sent_by")
    return commands if where is None else commands.filter(target__in=Unit.objects.filter(where).values("pk"))


def visible_to(user: User) -> QuerySet[Command]:
    """What the user oversees, and what was sent to them."""
    own = Exists(CommandReceipt.objects.filter(command=OuterRef("pk"), user=user))
    where = area_filter(posts_with(user, Ability.COMMAND))
    commands = Command.objects.select_related("target", "sent_by")
    return (
        commands if where is None else commands.filter(Q(target__in=Unit.objects.filter(where).values("pk")) | Q(own))
    )


def get_visible_or_404(user: User, number: str) -> Command:
    command = visible_to(user).filter(number=number).first()
    if command is None:
        raise Http404(_("No command with this number is known here."))
    return command


def progress_of(commands: Iterable[Command]) -> dict[int, Progress]:
    """The figures of several commands, by their ids; one query."""
    rows = _counted(CommandReceipt.objects.filter(command__in=list(commands)), "command_id")
    return {pk: progress for pk, progress in rows.items() if isinstance(pk, int)}


def progress_by_kind(command: Command) -> list[tuple[Kind, Progress]]:
    """The figures of each tier of the whole command, from the top down."""
    rows = _counted(CommandReceipt.objects.filter(command=command), "unit__kind")
    return [(kind, rows[kind]) for kind in Kind if kind in rows]


def progress_below(command: Command, unit: Unit) -> list[Row]:
    """The units directly below `unit`, each with the figures of all who serve it or what lies below it.

    Two queries however many people it went to. First come those who serve `unit` itself.
    """
    below = _BELOW.get(Kind(unit.kind))
    receipts = within(CommandReceipt.objects.filter(command=command), unit)
    if below is None:
        return [Row(None, progress, False) for progress in _counted(receipts, "command_id").values()]
    counted = _counted(receipts, f"unit__{below}_id")
    units = Unit.objects.filter(pk__in=[pk for pk in counted if pk]).order_by("lft")
    own = [Row(None, counted[None], False)] if None in counted else []
    return own + [Row(row, counted[row.pk], below != Kind.MICRO_GRID) for row in units]


def still_owing(command: Command, unit: Unit) -> QuerySet[CommandReceipt]:
    """Who at `unit` or below has not answered, in the order of the tree, each with the post (`role`, `role_en`)."""
    post = current(Post.objects.filter(user=OuterRef("user"), unit=OuterRef("unit"))).order_by("role_id")
    late = within(owing(CommandReceipt.objects.filter(command=command)), unit)
    named = late.annotate(
        role=Subquery(post.values("role__name")[:1]), role_en=Subquery(post.values("role__name_en")[:1])
    )
    related = ("user", "unit", "unit__street", "unit__community", "unit__grid", "unit__micro_grid")
    return named.select_related(*related).order_by("unit__lft", "pk")


def within(receipts: QuerySet[CommandReceipt], unit: Unit) -> QuerySet[CommandReceipt]:
    """Of those who serve `unit` or what lies below it: by the ancestor column, where its kind has one."""
    if unit.kind != Kind.AREA:
        return receipts.filter(**{f"unit__{unit.kind}": unit})
    return receipts.filter(unit__tree_id=unit.tree_id, unit__lft__gte=unit.lft, unit__rght__lte=unit.rght)


def _counted(receipts: QuerySet[CommandReceipt], by: str) -> dict[int | str | None, Progress]:
    counts = {"sent": Count("pk"), "reading": Count("read_at"), "acknowledging": Count("acknowledged_at")}
    rows = receipts.order_by().values_list(by).annotate(**counts)
    return {key: Progress(sent, read, acknowledged) for key, sent, read, acknowledged in rows}
