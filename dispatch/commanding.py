"""Commands down the tree (指令), with a receipt from everybody: sent, read, acknowledged, reminded, withdrawn.

Practice 64 of the handbook. One command reaches thousands, so receipts and notices are written as sets. Nobody is
ranked by how quickly they answered: figures are by unit, reminders go to those who still owe an answer.
"""

import logging
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import clock
from accounts.api import TOO_LATE
from accounts.errors import Forbidden, Refused
from accounts.inbox import tell_many
from accounts.models import User
from dispatch import wording
from dispatch.announcing import announce
from dispatch.faults import log_failure
from dispatch.models import Command, CommandReceipt
from dispatch.numbering import next_number
from grids.models import Ability, Kind, Post, Unit
from grids.posts import current, label, post_for
from incidents.texts import clean_text

logger = logging.getLogger(__name__)

SIGN: Final = "令"
REMIND_AGAIN: Final = timedelta(hours=1)
"""Who was reminded is left in peace for so long."""


@transaction.atomic
def send_command(
    target: Unit,
    *,
    actor: User,
    title: str,
    text: str,
    needs_ack: bool = True,
    due_at: datetime | None = None,
    at: datetime | None = None,
) -> Command:
    """Send an instruction to everybody who holds a post today at `target` or below it, the sender excepted.

    The same command by the same person within the hour is the one that was sent. Raises `Forbidden` without the ability
    over the target, `Refused` for empty words, a time that is over, and a place where nobody would receive it.
    """
    at = at or clock.now()
    post = _post_over(actor, target, at)
    title = clean_text(title, limit=80, field="title", required=True)
    text = clean_text(text, limit=4000, field="text", required=True)
    _check(target, needs_ack=needs_ack, due_at=due_at, at=at)
    number = next_number(Command, SIGN, _street_of(target).code, at=at)  # also the lock that a repeated call waits for
    facts = {"title": title, "text": text, "needs_ack": needs_ack, "due_at": due_at}
    sent = Command.objects.filter(target=target, sent_by=actor, withdrawn_at=None, sent_at__gt=at - REMIND_AGAIN)
    if same := sent.filter(**facts).first():
        return same
    command = Command.objects.create(
        number=number, target=target, sent_by=actor, sent_at=at, post_label=label(post), **facts
    )
    if not _write_receipts(command):
        raise Refused(_("Nobody else holds a post here today. Choose another unit."), code="nobody", field="target")
    _announce(command, sender=post.serves.name)
    return command


@transaction.atomic
def read(command: Command, *, actor: User, at: datetime | None = None) -> CommandReceipt | None:
    """Note that the actor has opened the command, the first time. Returns their receipt, if it was sent to them."""
    own = CommandReceipt.objects.filter(command=command, user=actor)
    own.filter(read_at=None).update(read_at=at or clock.now())
    return own.first()


@transaction.atomic
def acknowledge(command: Command, *, actor: User, at: datetime | None = None) -> CommandReceipt:
    """收到: the actor has taken note and will act. Late is better than never; a second time changes nothing."""
    at = at or clock.now()
    # The own receipt alone is locked: three thousand who answer at once wait for nobody.
    receipts = CommandReceipt.objects.select_for_update(of=("self",), no_key=True).select_related("command")
    own = receipts.filter(command=command, user=actor).first()
    if own is None:
        raise Forbidden(_("This command wasn't sent to you."), code="who")
    if own.acknowledged_at:
        return own
    if own.command.withdrawn_at:
        raise Refused(_("This command was withdrawn. There is nothing to acknowledge any more."), code=TOO_LATE)
    own.read_at, own.acknowledged_at = own.read_at or at, at
    own.save(update_fields=["read_at", "acknowledged_at"])
    return own


@transaction.atomic
def remind(command: Command, *, actor: User, at: datetime | None = None) -> int:
    """Tell those who owe an answer once more, nobody twice within an hour. Returns how many were told."""
    at = at or clock.now()
    command = _locked(command)
    _post_over(actor, command.target, at)
    if command.withdrawn_at:
        raise Refused(_("This command was withdrawn. Nobody needs to be reminded."), code=TOO_LATE)
    return _remind(command, at)


@transaction.atomic
def withdraw(command: Command, *, actor: User, at: datetime | None = None) -> Command:
    """Take the command back: it leaves everybody's first page, and all who got it are told. Receipts stay."""
    at = at or clock.now()
    command = _locked(command)
    _post_over(actor, command.target, at)
    if command.withdrawn_at:
        return command
    command.withdrawn_at = at
    command.save(update_fields=["withdrawn_at"])
    _tell(command, command.receipts.all(), _WITHDRAWN, at, "info")
    return command


def remind_when_due(now: datetime | None = None) -> int:
    """Remind once, by itself, for every command whose time to acknowledge has run out; returns how many commands.

    Each in a transaction of its own, so that one that fails stops nobody else; a second beat skips what is held.
    """
    now = now or clock.now()
    due = Command.objects.filter(due_at__lte=now, due_settled_at=None, withdrawn_at=None).order_by("due_at", "pk")
    return sum(_settle(pk, now) for pk in list(due.values_list("pk", flat=True)))


def owing(receipts: QuerySet[CommandReceipt]) -> QuerySet[CommandReceipt]:
    """Those that still wait for an answer: not acknowledged, or not read where reading is all that is asked."""
    return receipts.filter(
        Q(command__needs_ack=True) | Q(read_at=None), acknowledged_at=None, command__withdrawn_at=None
    )


def _settle(pk: int, now: datetime) -> int:
    try:
        with transaction.atomic():
            claimed = Command.objects.select_for_update(of=("self",), no_key=True, skip_locked=True)
            command = claimed.filter(pk=pk, due_settled_at=None, withdrawn_at=None).first()
            if command is None:
                return 0
            _remind(command, now)
            command.due_settled_at = now
            command.save(update_fields=["due_settled_at"])
            return 1
    except Exception as error:
        log_failure(logger, f"Reminding for command {pk}", error)
        return 0


def _remind(command: Command, at: datetime) -> int:
    """Only who still holds a post, and wasn't reminded within the hour."""
    serving = current(Post.objects.filter(user=OuterRef("user")), timezone.localdate(at))
    late = owing(CommandReceipt.objects.filter(Exists(serving), command=command))
    late = late.filter(Q(reminded_at=None) | Q(reminded_at__lte=at - REMIND_AGAIN))
    rows = list(late.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))
    receipts = CommandReceipt.objects.filter(pk__in=rows)
    receipts.update(reminded_at=at)
    return _tell(command, receipts, _TO_ACKNOWLEDGE if command.needs_ack else _TO_READ, at)


def _check(target: Unit, *, needs_ack: bool, due_at: datetime | None, at: datetime) -> None:
    if target.kind == Kind.HOUSEHOLD or not target.is_live:
        raise Refused(
            _("Choose a unit in use, from the sub-district down to a micro-grid."), code="unit", field="target"
        )
    if due_at is not None and not needs_ack:
        raise Refused(
            _("A time belongs to a command that is to be acknowledged. Ask for it, or leave the time empty."),
            code="due",
            field="due_at",
        )
    if due_at is not None and due_at <= at:
        raise Refused(_("Choose a moment in the future."), code="due", field="due_at")


def _street_of(unit: Unit) -> Unit:
    street = unit.street
    assert street is not None, "every unit has its street's column, the street its own"  # noqa: S101
    return street


def _post_over(actor: User, target: Unit, at: datetime) -> Post:
    post = post_for(actor, Ability.COMMAND, target, on=timezone.localdate(at))
    if post is None:
        raise Forbidden(_("No post of yours lets you command this unit."), code="forbidden")
    return post


def _locked(command: Command) -> Command:
    rows = Command.objects.select_for_update(of=("self",), no_key=True).select_related("target")
    return rows.get(pk=command.pk)


def _write_receipts(command: Command) -> int:
    """One receipt a person, for the topmost unit that they serve, in one statement; and the notices."""
    top, day = command.target, timezone.localdate(command.sent_at)
    posts = current(Post.objects.filter(unit__tree_id=top.tree_id, unit__retired_at=None, user__is_active=True), day)
    posts = posts.filter(unit__lft__gte=top.lft, unit__rght__lte=top.rght).exclude(user=command.sent_by_id)
    chosen = posts.order_by("user_id", "unit__level", "unit__lft", "pk").distinct("user_id")
    inner, parameters = chosen.values_list("unit_id", "user_id").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_RECEIPTS.format(chosen=inner), [command.pk, *parameters])
        written = cursor.rowcount
    _tell(command, command.receipts.all(), _NEW if command.needs_ack else _NEW_TO_READ, command.sent_at)
    return written


_NEW = gettext_lazy("Command {number}: please acknowledge it.")
_NEW_TO_READ = gettext_lazy("Command {number}: please read it.")
_TO_ACKNOWLEDGE = gettext_lazy("Reminder: please acknowledge command {number}.")
_TO_READ = gettext_lazy("Reminder: please read command {number}.")
_WITHDRAWN = gettext_lazy("Command {number} was withdrawn.")

_RECEIPTS: Final = """
    INSERT INTO dispatch_commandreceipt (command_id, unit_id, user_id)
    SELECT %s, chosen.* FROM ({chosen}) AS chosen
"""


def _tell(command: Command, receipts: QuerySet[CommandReceipt], said: Any, at: datetime, tone: str = "warning") -> int:
    people = list(receipts.values_list("user_id", flat=True))
    url = reverse("dispatch:command", args=[command.number])
    return tell_many(people, format_lazy(said, number=command.number), url=url, tone=tone, at=at)


def _announce(command: Command, *, sender: str) -> None:
    """To the street's groups: the number alone. Title and text may speak of somebody."""
    path = f"commands/{command.number}/"
    message = wording.command(command.number, sender=sender, due_at=command.due_at, path=path)
    announce(
        message,
        kind="command",
        key=f"command:{command.number}",
        street=_street_of(command.target),
        at=command.sent_at,
        path=path,
        is_urgent=True,
    )
