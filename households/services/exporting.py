"""Registers that leave the product: asking, deciding, taking the file. The worker writes it (`households.exports`).

A masked export is made at once. One with full numbers needs a purpose and somebody else's approval; the database itself
refuses an approval of one's own. Who asked, who approved, and each download are in the access log.
"""

from datetime import datetime
from typing import IO

from django.db import transaction
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

import clock
from accounts.access_log import Act, record_access
from accounts.errors import Forbidden, Refused
from accounts.inbox import tell
from accounts.models import User
from grids.models import Ability, Post
from grids.posts import covers, current
from households import sealed_files
from households.models import ExportRequest
from households.registers.areas import Area, may
from households.tasks import make_export

State = ExportRequest.State
LONGEST_PURPOSE = 200


@transaction.atomic
def ask_export(
    register: str,
    *,
    area: Area,
    format: str,
    actor: User,
    is_unmasked: bool = False,
    purpose: str = "",
    address: str | None = None,
    at: datetime | None = None,
) -> ExportRequest:
    """Ask for a register as a file. A masked one begins to be written when the transaction ends.

    One with full numbers waits for somebody with `Ability.APPROVE_EXPORT` over the whole area; they are told.
    """
    at = at or clock.now()
    if not may(actor, Ability.EXPORT_REGISTER, area):
        raise Forbidden(_("No post of yours lets you export this area."), code="no_right")
    purpose = _clean(purpose, "purpose")
    if is_unmasked and not purpose:
        raise Refused(
            _("Say what the full numbers are for: whoever approves reads it, and it stands in the file."),
            code="purpose_missing",
            field="purpose",
        )
    approvers = approvers_of(area, besides=actor) if is_unmasked else []
    if is_unmasked and not approvers:
        raise Refused(
            _("Nobody else may approve exports of this area. Ask the district to give somebody that post."),
            code="no_approver",
            field="is_unmasked",
        )
    export = ExportRequest.objects.create(
        register=ExportRequest.Register(register),
        format=ExportRequest.Format(format),
        unit=area,
        is_unmasked=is_unmasked,
        purpose=purpose,
        state=State.ASKED if is_unmasked else State.MAKING,
        asked_by=actor,
        asked_at=at,
    )
    _log(export, Act.EXPORT_UNMASKED if is_unmasked else Act.EXPORT, actor, reason=purpose, address=address, at=at)
    for approver in approvers:
        _tell_approver(approver, export, at)
    if not is_unmasked:
        _begin(export)
    return export


@transaction.atomic
def decide_export(
    export: ExportRequest,
    *,
    is_approved: bool,
    actor: User,
    reason: str = "",
    address: str | None = None,
    at: datetime | None = None,
) -> ExportRequest:
    """Approve or refuse an export with full numbers. The same decision again changes nothing."""
    at, reason = at or clock.now(), _clean(reason, "reason")
    export = ExportRequest.objects.select_for_update(of=("self",)).select_related("unit", "asked_by").get(pk=export.pk)
    if not may_decide(actor, export):
        raise Forbidden(_("Somebody else with the right to approve exports has to decide this one."), code="no_right")
    if export.state != State.ASKED:
        if export.decided_by_id == actor.pk and is_approved == (export.state != State.REFUSED):
            return export
        raise Refused(_("This has been decided already."), code="decided")
    if not is_approved and not reason:
        raise Refused(_("Say why not, so that it can be asked differently."), code="reason_missing", field="reason")
    export.state = State.MAKING if is_approved else State.REFUSED
    export.decided_by, export.decided_at, export.decision = actor, at, reason
    export.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    _log(export, Act.EXPORT_DECIDED, actor, what=export.state, reason=reason, address=address, at=at)
    if is_approved:
        _begin(export)
    else:
        _tell_asker(export, gettext_lazy("Your export was refused:"), "warning", at)
    return export


@transaction.atomic
def download_export(
    export: ExportRequest, *, actor: User, address: str | None = None, at: datetime | None = None
) -> IO[bytes]:
    """The file, to be closed by the caller; each time is in the access log.

    Only who asked for it gets it, and only while a post of theirs still lets them.
    """
    at = at or clock.now()
    if export.asked_by_id != actor.pk or not may(actor, Ability.EXPORT_REGISTER, export.unit):
        raise Forbidden(_("Only who asked for this export can download it."), code="no_right")
    if export.state != State.READY or export.expires_at is None or export.expires_at <= at:
        raise Refused(_("This file is no longer there. Ask for it again."), code="expired")
    _log(export, Act.DOWNLOAD, actor, reason=export.purpose, address=address, at=at)
    return sealed_files.opened(export.file)


def may_decide(user: User, export: ExportRequest) -> bool:
    """Never who asked, whatever their posts."""
    return export.asked_by_id != user.pk and may(user, Ability.APPROVE_EXPORT, export.unit)


def approvers_of(area: Area, *, besides: User) -> list[User]:
    """Who may approve exports of the whole area today, without the one who asks."""
    posts = current(Post.objects.filter(role__abilities__contains=[Ability.APPROVE_EXPORT], user__is_active=True))
    found = {
        post.user_id: post.user
        for post in posts.select_related("user", "unit").order_by("pk")
        if post.user_id != besides.pk and (post.district_id if area is None else covers(post, area))
    }
    return list(found.values())


def _begin(export: ExportRequest) -> None:
    transaction.on_commit(lambda: make_export.delay(export.pk))


def _log(export: ExportRequest, act: Act, actor: User, *, at: datetime, what: str = "", **facts: str | None) -> None:
    record_access(
        actor,
        act=act,
        subject="export",
        subject_id=export.pk,
        what=what or export.register,
        unit_code=export.unit.code[:22] if export.unit else "",
        reason=facts.get("reason") or "",
        address=facts.get("address"),
        at=at,
    )


def _tell_approver(user: User, export: ExportRequest, at: datetime) -> None:
    text = format_lazy(
        gettext_lazy("{person} asks to export {register} with full numbers. You can approve it."),
        person=export.asked_by.name,
        register=ExportRequest.Register(export.register).label,
    )
    tell(user, text, url=reverse("households:export", args=[export.key]), tone="warning", at=at)


def _tell_asker(export: ExportRequest, said: Promise, tone: str, at: datetime) -> None:
    text = format_lazy("{said} {register}", said=said, register=ExportRequest.Register(export.register).label)
    tell(export.asked_by, text, url=reverse("households:exports"), tone=tone, at=at)


def _clean(text: str, field: str) -> str:
    text = " ".join(text.split())
    if len(text) > LONGEST_PURPOSE:
        message = _("Too long: at most %(limit)d characters.") % {"limit": LONGEST_PURPOSE}
        raise Refused(message, code="too_long", field=field)
    return text
