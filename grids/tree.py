"""The only door through which the tree is changed: add, edit, move, retire, load.

Every act runs in a transaction that holds the street's advisory lock, reads what it changes after taking the lock,
checks the rules of `grids.rules`, writes by plain INSERT and UPDATE and leaves a row of `UnitChange`. MPTT reads the
tree; its own `save`, `move_to` and `rebuild` are closed (see `Unit.save`), because without the lock they were
measured to corrupt a tree within seconds and with it they rewrite half a street for one household.

All acts raise `grids.errors.TreeRefused`, and then nothing is written.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

import clock
from accounts.models import User
from grids import codes, rules, tree_numbers
from grids.errors import TreeRefused
from grids.models import District, Kind, Post, Unit, UnitChange, UnitSuccession, Use
from grids.signals import unit_changed
from grids.tree_bulk import NewUnit, add_units_in_bulk
from grids.tree_doors import add_staged_doors, move_staged_doors, retire_doors, stage_moved_doors, stage_new_doors
from grids.tree_numbers import lock_street, number_street, rebuild_street, try_lock

__all__ = [
    "NewUnit",
    "add_staged_doors",
    "add_street",
    "add_unit",
    "add_units_in_bulk",
    "edit_unit",
    "lock_street",
    "move_staged_doors",
    "move_unit",
    "number_street",
    "rebuild_street",
    "rename_unit",
    "retire_doors",
    "retire_unit",
    "stage_moved_doors",
    "stage_new_doors",
    "try_lock",
]

What = UnitChange.What
FACTS = ("name", "form", "use", "responsible_org")


@transaction.atomic
def add_street(
    district: District, *, name: str, actor: User | None, reason: str, code: str = "", at: datetime | None = None
) -> Unit:
    """A new street with a tree of its own. `code` is its statistical code; without one it takes a local code."""
    name, reason, at = rules.clean_name(name), rules.clean_reason(reason), at or clock.now()
    tree_numbers.lock_new_streets()
    _refuse_taken_name(name, Unit.objects.filter(district=district, kind=Kind.STREET))
    pk = tree_numbers.next_ids(1)[0]
    unit = Unit(
        pk=pk,
        district=district,
        kind=Kind.STREET,
        code=_code_for(Kind.STREET, prefix=district.code, chosen=code),
        name=name,
        made_at=at,
        street_id=pk,
        tree_id=pk,
        level=0,
        lft=1,
        rght=tree_numbers.width(Kind.STREET),
    )
    return _insert(unit, actor=actor, reason=reason, at=at)


@transaction.atomic
def add_unit(
    parent: Unit,
    *,
    kind: str,
    name: str,
    actor: User | None,
    reason: str,
    form: str = "",
    use: str = Use.RESIDENTIAL,
    responsible_org: str = "",
    code: str = "",
    at: datetime | None = None,
) -> Unit:
    """A new unit at the end of `parent`'s children. `code` only for a community that the statistical list names."""
    name, reason, at = rules.clean_name(name), rules.clean_reason(reason), at or clock.now()
    facts = rules.clean_facts(kind, form=form, use=use, responsible_org=responsible_org)
    parent = _locked(parent)
    if not parent.is_live:
        raise rules.retired_parent(parent.name)
    rules.check_place(kind, parent.kind)
    _refuse_taken_name(name, Unit.objects.filter(parent=parent))
    prefix = codes.prefix_under(kind, street_code=_street_code(parent), parent_code=parent.code)
    start = tree_numbers.open_place(parent, tree_numbers.width(kind))
    unit = Unit(
        pk=tree_numbers.next_ids(1)[0],
        district_id=parent.district_id,
        parent=parent,
        kind=kind,
        code=_code_for(kind, prefix=prefix, chosen=code),
        name=name,
        made_at=at,
        tree_id=parent.tree_id,
        level=parent.level + 1,
        lft=start,
        rght=start + tree_numbers.width(kind) - 1,
        **facts,
        **_ancestors(parent),
    )
    if kind in rules.OWN_COLUMN:
        setattr(unit, rules.OWN_COLUMN[kind], unit.pk)
    return _insert(unit, actor=actor, reason=reason, at=at)


def rename_unit(unit: Unit, *, name: str, actor: User | None, reason: str, at: datetime | None = None) -> Unit:
    """Give the unit another name. The code stays."""
    return edit_unit(unit, name=name, actor=actor, reason=reason, at=at)


@transaction.atomic
def edit_unit(unit: Unit, *, actor: User | None, reason: str, at: datetime | None = None, **facts: str) -> Unit:
    """Change name, form, use or responsible organisation; what isn't named stays.

    Doing nothing is fine: asking for the present facts returns without a row of history.
    """
    unknown = facts.keys() - set(FACTS)
    if unknown:
        raise TypeError(f"Not a fact of a unit: {', '.join(sorted(unknown))}")
    reason, at = rules.clean_reason(reason), at or clock.now()
    unit = _locked(unit)
    _refuse_retired(unit)
    wanted = {fact: getattr(unit, fact) for fact in FACTS} | facts
    wanted["name"] = rules.clean_name(wanted["name"])
    wanted |= rules.clean_facts(
        unit.kind, form=wanted["form"], use=wanted["use"], responsible_org=wanted["responsible_org"]
    )
    before = {fact: getattr(unit, fact) for fact in FACTS if getattr(unit, fact) != wanted[fact]}
    if not before:
        return unit
    if "name" in before:
        _refuse_taken_name(wanted["name"], _siblings(unit))
    after = {fact: wanted[fact] for fact in before}
    what = What.RENAMED if set(before) == {"name"} else What.EDITED
    return _change(unit, what, after, actor=actor, reason=reason, at=at, before=before, after=after)


@transaction.atomic
def move_unit(unit: Unit, *, parent: Unit, actor: User | None, reason: str, at: datetime | None = None) -> Unit:
    """Move the unit with everything below it to the end of another parent's children, in the same street.

    The codes stay. Ancestor columns of the whole subtree follow, and by the signal the open incidents. Doing nothing is
    fine: moving a unit to where it stands returns without a row of history.
    """
    reason, at = rules.clean_reason(reason), at or clock.now()
    if unit.tree_id != parent.tree_id:
        raise TreeRefused(
            _("A unit can't move to another sub-district. Retire it here and add it there."),
            code="other_street",
            field="parent",
        )
    unit, parent = _locked(unit), _locked(parent)
    _refuse_retired(unit)
    if unit.parent_id == parent.pk:
        return unit
    _check_destination(unit, parent)
    before, after = {"parent": unit.parent.code if unit.parent else ""}, {"parent": parent.code}
    _relocate(unit, parent)
    return _change(unit, What.MOVED, {"parent": parent}, actor=actor, reason=reason, at=at, before=before, after=after)


@transaction.atomic
def retire_unit(
    unit: Unit,
    *,
    actor: User | None,
    reason: str,
    successors: Iterable[Unit] = (),
    at: datetime | None = None,
) -> Unit:
    """Take the unit out of use; it stays in the tree and its code is never given again.

    Refused while units below it are in use or people hold posts at it: nothing may hang on a place that is gone.
    Retiring what is retired already returns without a row of history.
    """
    reason, at = rules.clean_reason(reason), at or clock.now()
    unit = _locked(unit)
    if not unit.is_live:
        return unit
    _refuse_with_children(unit)
    _refuse_with_posts(unit, at)
    followers = [_checked_successor(unit, successor) for successor in successors]
    UnitSuccession.objects.bulk_create(UnitSuccession(predecessor=unit, successor=after) for after in followers)
    after = {"retired_at": at.isoformat(), "successors": [follower.code for follower in followers]}
    return _change(unit, What.RETIRED, {"retired_at": at}, actor=actor, reason=reason, at=at, before={}, after=after)


def _locked(unit: Unit) -> Unit:
    """The unit as it stands once the street is ours."""
    lock_street(unit)
    return Unit.objects.select_related("street", "parent").get(pk=unit.pk)


def _street_code(unit: Unit) -> str:
    return unit.street.code if unit.street else unit.code


def _ancestors(parent: Unit) -> dict[str, int | None]:
    return {column: getattr(parent, column) for column in rules.ANCESTOR_COLUMNS}


def _insert(unit: Unit, *, actor: User | None, reason: str, at: datetime) -> Unit:
    Unit.objects.bulk_create([unit])
    after = {"name": unit.name, "code": unit.code, "parent": unit.parent.code if unit.parent else ""}
    _record(unit, What.MADE, actor=actor, reason=reason, at=at, before={}, after=after)
    return unit


def _change(unit: Unit, what: str, values: dict[str, Any], **record: Any) -> Unit:
    """Write the values, then the row of history; returns the unit as it stands now."""
    Unit.objects.filter(pk=unit.pk).update(**values)
    unit = Unit.objects.select_related("street", "parent").get(pk=unit.pk)
    _record(unit, what, **record)
    return unit


def _record(unit: Unit, what: str, **record: Any) -> None:
    change = UnitChange.objects.create(unit=unit, what=what, **record)
    unit_changed.send(sender=Unit, unit=unit, change=change)


def _code_for(kind: str, *, prefix: str, chosen: str) -> str:
    if not chosen:
        return codes.reserve(kind, {prefix: 1})[prefix][0]
    codes.check_statistical(kind, chosen, prefix)
    codes.refuse_given([chosen])
    return chosen


def _siblings(unit: Unit) -> QuerySet[Unit]:
    others = Unit.objects.exclude(pk=unit.pk)
    if unit.parent_id is None:
        return others.filter(district=unit.district_id, kind=Kind.STREET)
    return others.filter(parent=unit.parent_id)


def _refuse_taken_name(name: str, siblings: QuerySet[Unit]) -> None:
    if siblings.filter(name=name, retired_at=None).exists():
        raise rules.taken_name(name)


def _refuse_retired(unit: Unit) -> None:
    if not unit.is_live:
        raise TreeRefused(_("%(name)s is retired and stays as it was.") % {"name": unit.name}, code="retired")


def _check_destination(unit: Unit, parent: Unit) -> None:
    if not parent.is_live:
        raise rules.retired_parent(parent.name)
    if parent.lft >= unit.lft and parent.rght <= unit.rght:
        raise TreeRefused(_("A unit can't move to a place below itself."), code="below_itself", field="parent")
    if unit.kind not in rules.CHILD_KINDS[parent.kind]:
        raise TreeRefused(
            _("%(child)s can't stand directly under %(parent)s.")
            % {"child": unit.get_kind_display(), "parent": parent.get_kind_display()},
            code="kind",
            field="parent",
        )
    if Unit.objects.filter(parent=parent, name=unit.name, retired_at=None).exists():
        raise TreeRefused(
            _("%(parent)s has a unit named %(name)s already. Rename one of them first.")
            % {"parent": parent.name, "name": unit.name},
            code="name_taken",
            field="parent",
        )


def _relocate(unit: Unit, parent: Unit) -> None:
    """New numbers and new ancestor columns for the whole subtree."""
    start = tree_numbers.open_place(parent, unit.rght - unit.lft + 1)
    unit.refresh_from_db(fields=["lft", "rght"])  # making room may have shifted it
    # The parent has no column at or below the tier of what moves under it, so each unit below keeps those of its own.
    above = {column: value for column, value in _ancestors(parent).items() if value is not None}
    tree_numbers.move_subtree(unit, start=start, levels=parent.level + 1 - unit.level, columns=above)


def _refuse_with_children(unit: Unit) -> None:
    count = Unit.objects.filter(parent=unit, retired_at=None).count()
    if count:
        raise TreeRefused(
            _("%(count)d units in use stand below it. Move or retire them first.") % {"count": count},
            code="has_children",
        )


def _refuse_with_posts(unit: Unit, at: datetime) -> None:
    last_day_ahead = Q(ends_on=None) | Q(ends_on__gt=timezone.localdate(at))
    posts = Post.objects.filter(last_day_ahead, unit=unit).select_related("user", "role").order_by("pk")
    if posts:
        listed = pgettext("between the items of a list", ", ").join(f"{post.user.name} ({post.role})" for post in posts)
        raise TreeRefused(
            _("These people hold posts here: %(posts)s. End their posts first.") % {"posts": listed},
            code="has_posts",
        )


def _checked_successor(unit: Unit, successor: Unit) -> Unit:
    successor = Unit.objects.get(pk=successor.pk)
    if successor.pk == unit.pk or not successor.is_live or successor.kind != unit.kind:
        raise TreeRefused(
            _("%(name)s can't follow: a successor is another unit in use of the same kind.") % {"name": successor.name},
            code="successor",
            field="successors",
        )
    return successor
