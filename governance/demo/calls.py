"""What a command room has beside its incidents: shifts, a handover, commands, supervision items, whistles.

Lived through by the product's own services, like the incidents. Some are done, some wait for a demo account.
"""

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User
from dispatch import commanding, supervising, whistling
from dispatch.duty import handover, roster
from dispatch.duty.patterns import Pattern, Slot, monday_of, slots_of
from dispatch.duty.rooms import members_of
from dispatch.duty.roster import Turn
from dispatch.models import SupervisionType, Whistle
from governance.demo.cast import Cast
from governance.demo.staff import home_grid
from grids.models import Department, Unit

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def live(street: Unit, *, now: datetime) -> None:
    """Three weeks of shifts around `now`, and a few of everything else in this street."""
    people = {user.username: user for user in User.objects.filter(username__in=("command", "leader", "department"))}
    _keep_the_room(street, people["command"], now)
    _command(street, people["leader"], now)
    _supervise(street, people["command"], people["department"], now)
    _whistle(street, people["command"], people["department"], now)


def _keep_the_room(street: Unit, officer: User, now: datetime) -> None:
    """Two shifts a day in turn, the demo's own officer on duty now, who took over from the shift before."""
    others = [user for user in members_of(street) if user != officer]
    monday = monday_of(timezone.localdate(now))
    slots = [slot for week in (-1, 0, 1) for slot in slots_of(Pattern.TWO, monday + week * 7 * DAY)]
    present = next(slot for slot in slots if slot.starts_at <= now < slot.ends_at)
    turns = [Turn(_on_duty(slot, present, officer, others), slot.starts_at, slot.ends_at) for slot in slots]
    roster.plan_week(street, actor=officer, turns=turns, at=slots[0].starts_at - DAY)
    left = handover.hand_over(
        street,
        actor=others[0],
        note="夜间两起噪声反映已劝离；井盖一件等配件，白天请盯一下。对讲机 3 号电量不足，已换备用。",
        at=max(present.starts_at, now - HOUR),
    )
    handover.take_over(left, actor=officer, at=left.handed_at + timedelta(minutes=6))


def _on_duty(slot: Slot, present: Slot, officer: User, others: list[User]) -> User:
    """Every fourth shift is the officer's, counted from the present one."""
    away = round((slot.starts_at - present.starts_at) / (12 * HOUR)) % (len(others) + 1)
    return others[away - 1] if away else officer


def _command(street: Unit, leader: User, now: datetime) -> None:
    commanding.send_command(
        street,
        actor=leader,
        title="做好寒潮天气居家探访",
        text="今夜起气温下降 8 度以上。请各网格今天内探访独居老人和困难家庭，提醒用电用气安全，遇有问题立即上报。",
        due_at=now + 5 * HOUR,
        at=now - 2 * HOUR,
    )
    grid = home_grid(street)
    commanding.send_command(
        grid.community or street,
        actor=leader,
        title="楼道堆物清理周安排",
        text="本周逐幢清理楼道堆物，周五前完成。清理前先告知住户，贵重物品由本人处理。",
        needs_ack=False,
        at=now - DAY,
    )


def _supervise(street: Unit, officer: User, department: User, now: datetime) -> None:
    """One rectified and checked again, one that waits for the second check, one still to be put right."""
    team = Department.objects.get(code="enforcement")
    types = {kind.code: kind for kind in SupervisionType.objects.all()}
    checker = members_of(street).exclude(pk=officer.pk)[0]
    wanted = (
        ("stalls", "学校门口流动摊贩占道，放学前清理到位并安排值守。", now - 3 * DAY),
        ("crowded-place", "农贸市场北门早市拥挤，分流通道保持畅通。", now - 8 * HOUR),
        ("side-gate", "小区西侧小门夜间未关，落实专人上锁。", now - 3 * HOUR),
    )
    items = [
        supervising.issue_supervision(
            street, actor=officer, target=team, issue_type=types[code], demand=demand, at=issued_at
        )
        for code, demand, issued_at in wanted
    ]
    for item in items[:2]:
        rectified_at = item.issued_at + 4 * HOUR
        supervising.rectify(item, actor=department, note="已安排两人值守，现场恢复秩序。", at=rectified_at)
    supervising.confirm(items[0], actor=checker, note="连续两天复看，未再出现。", at=items[0].issued_at + 7 * HOUR)


def _whistle(street: Unit, officer: User, department: User, now: datetime) -> None:
    """One that was answered and rated, one that the demo's team has yet to sign."""
    grid, cast = home_grid(street), Cast(street)
    team, police = (Department.objects.get(code=code) for code in ("enforcement", "police"))
    earlier = now - 4 * DAY
    answered = whistling.call_whistle(
        grid,
        actor=officer,
        grade=Whistle.Grade.KEY,
        matter="沿街店铺夜间占道烧烤，屡劝不改。",
        departments=[team],
        at=earlier,
    )
    (party,) = answered.parties.all()
    whistling.sign(party, actor=department, at=earlier + HOUR / 2)
    whistling.contact(party, actor=department, at=earlier + 2 * HOUR)
    whistling.arrive(party, actor=department, at=earlier + 9 * HOUR)
    whistling.finish(party, actor=department, note="约谈店主，划定经营范围，夜间巡查一周。", at=earlier + 12 * HOUR)
    whistling.rate(party, actor=officer, rating=4, note="来得及时，效果还要看一周。", at=earlier + 30 * HOUR)
    waiting = whistling.call_whistle(
        grid,
        actor=officer,
        grade=Whistle.Grade.ROUTINE,
        matter="地下车库出入口长期违停，挡住消防通道。",
        departments=[team, police],
        at=now - timedelta(minutes=25),
    )
    signed = waiting.parties.get(department=police)
    whistling.sign(signed, actor=cast.hand(police), at=now - timedelta(minutes=12))
