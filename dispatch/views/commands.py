"""Commands: writing one, following it down the tree, reading and acknowledging the own ones."""

from typing import Any

from django.contrib import messages as notices
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

import clock
from accounts.errors import Forbidden, Refused
from accounts.kept_forms import keeps_form
from accounts.models import User
from accounts.paging import page_of
from accounts.requests import UserRequest
from dispatch import commanding
from dispatch.forms.commands import CommandForm
from dispatch.models import Command
from dispatch.overview import commands as overview
from dispatch.overview.commands import Progress, get_visible_or_404
from grids.models import Ability, Unit
from grids.posts import abilities_of, has_ability
from grids.selectors import with_line
from grids.views.access import for_holders_of
from grids.views.changes import bound, carried_out


@login_required
def commands(request: UserRequest) -> HttpResponse:
    """Those of the own room with how far each has come, or (`?to=me`) the user's own."""
    commands_too = Ability.COMMAND in abilities_of(request.user)
    own = overview.sent_to(request.user)
    to_me = request.GET.get("to") == "me" or not commands_too
    context: dict[str, Any] = {"at": clock.now(), "to_me": to_me, "may_command": commands_too}
    if to_me:
        context["page"] = page_of(request, own, own.count())
    else:
        sent = overview.overseen_by(request.user)
        page = page_of(request, sent, sent.count())
        progress = overview.progress_of(page.object_list)
        context |= {"page": page, "rows": [(row, progress.get(row.pk, Progress())) for row in page.object_list]}
    return render(request, "dispatch/commands/list.html", context)


@keeps_form
@require_http_methods(["GET", "POST"])
def command_new(request: UserRequest) -> HttpResponse:
    """Write a command and send it."""
    if Ability.COMMAND not in abilities_of(request.user):
        raise PermissionDenied
    form = bound(request, CommandForm, user=request.user, also=request.GET.get("unit", ""))

    def act(form: CommandForm) -> Command:
        return commanding.send_command(actor=request.user, **form.cleaned_data)

    if sent := carried_out(form, act):
        count = sent.receipts.count()
        said = ngettext("Sent to %(count)d person.", "Sent to %(count)d people.", count) % {"count": count}
        notices.success(request, said, extra_tags="draft:command")
        return redirect("dispatch:command", sent.number)
    return render(request, "dispatch/commands/new.html", {"form": form}, status=422 if form.is_bound else 200)


@login_required
def command(request: UserRequest, number: str) -> HttpResponse:
    """One command: its words for who received it, and its way down the tree (`?unit=CODE` opens a branch)."""
    command = get_visible_or_404(request.user, number)
    context: dict[str, Any] = {"command": command, "at": clock.now()}
    context["receipt"] = commanding.read(command, actor=request.user)
    if has_ability(request.user, Ability.COMMAND, command.target):
        context |= _progress(command, _branch_or_404(command, request.GET.get("unit", "")))
    return render(request, "dispatch/commands/command.html", context)


@for_holders_of(Ability.COMMAND)
def command_owing(request: UserRequest, number: str) -> HttpResponse:
    """Who has not answered, by unit and post in the order of the tree."""
    command = _overseen_or_404(request.user, number)
    unit = _branch_or_404(command, request.GET.get("unit", ""))
    late = overview.still_owing(command, unit)
    context = {"command": command, "unit": unit, "at": clock.now(), "page": page_of(request, late, late.count())}
    return render(request, "dispatch/commands/owing.html", context)


@require_POST
@login_required
def command_acknowledge(request: UserRequest, number: str) -> HttpResponse:
    """收到."""
    command = get_visible_or_404(request.user, number)
    try:
        commanding.acknowledge(command, actor=request.user)
    except Forbidden as refusal:
        raise PermissionDenied(refusal.message) from refusal
    except Refused as refusal:
        notices.error(request, refusal.message)
    else:
        notices.success(request, _("Acknowledged."))
    return redirect("dispatch:command", number)


@require_POST
@for_holders_of(Ability.COMMAND)
def command_remind(request: UserRequest, number: str) -> HttpResponse:
    """Remind those who have not answered."""
    command = _overseen_or_404(request.user, number)
    try:
        count = commanding.remind(command, actor=request.user)
    except Refused as refusal:
        notices.error(request, refusal.message)
    else:
        said = ngettext("Reminded %(count)d person.", "Reminded %(count)d people.", count) % {"count": count}
        notices.success(request, said if count else _("Everybody has answered or was reminded within the last hour."))
    return redirect("dispatch:command", number)


@for_holders_of(Ability.COMMAND)
@require_http_methods(["GET", "POST"])
def command_withdraw(request: UserRequest, number: str) -> HttpResponse:
    """Take a command back, after asking."""
    command = _overseen_or_404(request.user, number)
    if request.method == "POST":
        commanding.withdraw(command, actor=request.user)
        notices.success(request, _("Withdrawn. Everybody who received it is told."))
        return redirect("dispatch:command", number)
    return render(request, "dispatch/commands/withdraw.html", {"command": command})


def _overseen_or_404(user: User, number: str) -> Command:
    command = get_visible_or_404(user, number)
    if not has_ability(user, Ability.COMMAND, command.target):
        raise PermissionDenied(_("No post of yours lets you command this unit."))
    return command


def _branch_or_404(command: Command, code: str) -> Unit:
    """A unit at or below the command's target; the target itself without a code."""
    top = command.target
    branch = Unit.objects.filter(tree_id=top.tree_id, lft__gte=top.lft, rght__lte=top.rght)
    unit = with_line(branch).filter(code=code or top.code).first()
    if unit is None:
        raise Http404(_("No unit with this code is known here."))
    return unit


def _progress(command: Command, unit: Unit) -> dict[str, Any]:
    top, tiers = command.target, overview.progress_by_kind(command)
    total = Progress(*(sum(getattr(each, name) for _kind, each in tiers) for name in ("sent", "read", "acknowledged")))
    path = [place for place in unit.path if place.tree_id == top.tree_id and place.lft >= top.lft]
    return {
        "unit": unit,
        "total": total,
        "tiers": tiers,
        "rows": overview.progress_below(command, unit),
        "owing": total.sent - total.answered(command),
        "trail": [(place.name, f"?unit={place.code}") for place in path],
    }
