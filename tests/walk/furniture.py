"""What the demonstration district leaves to whoever tries it, done beforehand, so that no page stands empty: sheets and
reports of residents, files that were loaded, orders, an export, a chat group that doesn't answer. Every act goes
through the product's own services.
"""

import io
import uuid
from datetime import datetime, timedelta

import xlsxwriter

from accounts.models import User
from dispatch import digest, extensions, saved_filters
from dispatch.duty import swaps
from dispatch.models import Channel, OutboxMessage, Shift
from dispatch.outbox import enqueue
from governance.demo.cast import Cast
from governance.demo.staff import ACCOUNTS, home_grid
from grids import absences, modes, zones
from grids.models import Department, Kind, Post, Unit
from households.loading import runs
from households.models import Household
from households.services.exporting import ask_export
from households.services.moving import move_out
from incidents import services
from incidents.models import Incident
from incidents.services import Draft
from incidents.standing import current_assignments
from incidents.workflow import Status
from public.consent import current_consent
from public.feedback import answer_feedback, give_feedback
from public.models import PlaceCode
from public.place_codes import give_codes, units_of_sheet
from public.reporting import Said, send_report
from tests.households.homes import card

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
HEADERS = ("村社", "网格", "微网格", "家庭住址", "姓名", "公民身份号码", "与户主关系", "联系方式")


class Furnisher:
    """Acts as the demo's own accounts in the street of their posts."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.street = Unit.objects.get(kind=Kind.STREET)
        self.people = {user.username: user for user in User.objects.filter(username__in=[a.username for a in ACCOUNTS])}
        self.cast = Cast(self.street)
        self.grid = home_grid(self.street)

    def furnish(self) -> None:
        self.incidents()
        self.residents()
        self.registers()
        self.loads()
        self.orders()
        self.room()

    def incidents(self) -> None:
        """What waits for each act of a demo account: to be settled, assisted at, extended, suspended, archived."""
        enforcement, police = (Department.objects.get(code=code) for code in ("enforcement", "police"))
        team = self.people["department"]
        assisted = self._report("0501", "纠纷双方在门口争吵，围观的人较多。", before=50 * MINUTE)
        self._dispatch(assisted, lead=police, assisting=[enforcement], before=45 * MINUTE)
        services.sign(assisted, actor=self.cast.hand(police), at=self.now - 40 * MINUTE)
        late = self._report("010201", "沿街店铺外摆桌椅，占了盲道。", before=90 * MINUTE)
        self._dispatch(late, lead=enforcement, before=80 * MINUTE)
        late = services.sign(late, actor=team, at=self.now - 70 * MINUTE)
        until = self.now + 2 * DAY
        extensions.ask_extension(late, actor=team, reason="店主在外地，约定后天到场。", until=until, at=self.now - HOUR)
        waits = self._report("030201", "围墙一段开裂，等房屋鉴定。", before=100 * MINUTE)
        self._dispatch(waits, lead=enforcement, before=95 * MINUTE)
        waits = services.sign(waits, actor=team, at=self.now - 90 * MINUTE)
        services.ask_suspension(
            waits, actor=team, reason="须等鉴定报告。", until=self.now + 5 * DAY, at=self.now - 80 * MINUTE
        )

        self._report("0401", "一楼过道堆了纸箱。", before=20 * MINUTE)
        rated = self._report("0902", "顶楼一下雨就漏。", before=7 * HOUR)
        self._bring_to_an_end(rated)
        services.evaluate(rated, actor=self.people["command"], score="satisfied", at=self.now - HOUR)

    def residents(self) -> None:
        """Sheets for the worker's community; two reports sent by scanning them, one closed; a word on the product."""
        register = self.people["register"]
        give_codes(list(units_of_sheet(self.grid.community)), actor=register, at=self.now - DAY)
        codes = PlaceCode.objects.filter(unit__grid=self.grid, unit__kind=Kind.MICRO_GRID).order_by("unit__lft")
        consent, clutter, parking = current_consent(), self.cast.categories["0401"], self.cast.categories["0605"]
        said = Said(codes[0], clutter, "三楼过道堆了旧家具，晚上看不清路。", consent, phone="13800000000")
        send_report(said, at=self.now - 2 * HOUR)
        done = send_report(Said(codes[0], parking, "单元门口停满电瓶车。", consent), at=self.now - 6 * HOUR).incident
        self._bring_to_an_end(done)
        kept = give_feedback(
            kind="idea", text="希望能把字再放大一点。", by=None, client_uuid=uuid.UUID(int=1), at=self.now - DAY
        )
        answer_feedback(kept, actor=self.people["admin"], text="“我的”页里可以打开大字版。", at=self.now - HOUR)

    def registers(self) -> None:
        """Somebody who moved out, and a register that waits for approval to leave the product."""
        household = Household.objects.filter(unit__grid=self.grid).order_by("pk").last()
        leaver = household.residents.order_by("pk").last()
        move_out(
            leaver, on=(self.now - 3 * DAY).date(), actor=self.people["register"], reason="外出务工", at=self.now - DAY
        )
        ask_export(
            "residents",
            area=self.grid.community,
            format="xlsx",
            actor=self.people["register"],
            is_unmasked=True,
            purpose="年度人口核对",
            at=self.now - HOUR,
        )

    def loads(self) -> None:
        """A file that was loaded, and one that waits with every verdict in it."""
        door = (self.grid.community.name, self.grid.name, self._micro_grid().name)
        applied = self._read([self._line(door, number) for number in range(4)], "芦山村台账.xlsx", before=DAY)
        runs.confirm(applied, actor=self.people["register"], at=self.now - DAY, by_worker=False)
        runs.apply(applied.pk)
        lines = [self._line(door, number) for number in range(40)]
        lines[7] = (*lines[7][:5], "33029919900101", *lines[7][6:])
        lines[9] = (door[0], door[1], "没有的微网格", *lines[9][3:])
        self._read(lines, "芦山村11月台账.xlsx", before=HOUR)

    def orders(self) -> None:
        """An emergency from tomorrow on, and a zone in another community."""
        units = Unit.objects.filter(street=self.street, kind=Kind.COMMUNITY).exclude(pk=self.grid.community_id)
        leader = self.people["leader"]
        modes.order_emergency(
            units[0],
            actor=leader,
            scenario="台风",
            authorised_by="街道防汛防台指挥部",
            reason="预计明日夜间登陆，提前转移危房住户。",
            starts_at=self.now + DAY,
            ends_at=self.now + 3 * DAY,
            at=self.now - HOUR,
        )
        zones.order_zone(
            list(Unit.objects.filter(community=units[1], kind=Kind.GRID)[:2]),
            actor=leader,
            zone="control",
            rules="人不出区，错峰取物；出入登记。",
            authorised_by="街道疫情防控指挥部",
            at=self.now - HOUR,
        )

    def room(self) -> None:
        """An own filter, a shift offered, an absence, this hour's digest, and messages that went and that didn't."""
        command, worker = self.people["command"], self.people["worker"]
        saved_filters.keep_filter("二级以上超时", query={"tab": "overdue", "level": "2"}, actor=command)
        coming = Shift.objects.filter(starts_at__gt=self.now, cancelled_at=None).order_by("starts_at")
        offered = coming.exclude(user=command)[0]
        swaps.propose_swap(
            offered, for_shift=coming.filter(user=command).last(), actor=offered.user, at=self.now - HOUR
        )
        tomorrow = (self.now + DAY).date()
        absences.report_absence(
            Post.objects.get(user=worker), actor=worker, starts_on=tomorrow, ends_on=tomorrow + DAY, at=self.now
        )
        digest.push_reminders(self.now)
        group = Channel.objects.create(name="街道指挥室工作群", street=self.street, trouble="关键词不匹配")
        for key, state in (("a", OutboxMessage.State.SENT), ("b", OutboxMessage.State.FAILED)):
            message = enqueue(
                kind="digest", key=key, title="整点提醒", text="#### 整点提醒\n- 超时 2 件\n- 一小时内到期 3 件",
                street=self.street, channel=group, at=self.now - 2 * HOUR,
            )  # fmt: skip
            OutboxMessage.objects.filter(pk=message.pk).update(
                state=state, attempts=1, tried_at=self.now - HOUR, sent_at=self.now - HOUR if key == "a" else None
            )

    # -- Steps -------------------------------------------------------------------------------------------------------

    def _micro_grid(self) -> Unit:
        return Unit.objects.filter(grid=self.grid, kind=Kind.MICRO_GRID).order_by("lft")[0]

    def _report(self, code: str, text: str, *, before: timedelta) -> Incident:
        draft = Draft(unit=self._micro_grid(), category=self.cast.categories[code], description=text)
        return services.report_incident(draft, actor=self.people["worker"], at=self.now - before)

    def _dispatch(self, incident: Incident, *, before: timedelta, **parties: object) -> Incident:
        return services.dispatch(incident, actor=self.people["command"], at=self.now - before, **parties)

    def _bring_to_an_end(self, incident: Incident) -> None:
        services.dispatch(
            incident,
            actor=self.people["command"],
            lead=Department.objects.get(code="enforcement"),
            assisting=[],
            at=self.now - 5 * HOUR,
        )
        hand = self.cast.hand(current_assignments(incident)[0].party)
        services.sign(incident, actor=hand, at=self.now - 4 * HOUR)
        services.handle(incident, actor=hand, measures="已联系车主移走，并划出停车线。", at=self.now - 3 * HOUR)
        services.verify(incident, actor=self.people["verifier"], at=self.now - 2 * HOUR)
        assert Incident.objects.get(pk=incident.pk).status == Status.CLOSED

    def _line(self, door: tuple[str, ...], number: int) -> tuple[str, ...]:
        names = ("张建国", "李秀英", "王志强", "陈桂兰", "刘海燕", "杨文博")
        born = f"{1950 + number}0101"
        return (
            *door,
            f"台账{20 + number // 2}号",
            names[number % 6],
            card(born),
            ("户主", "妻")[number % 2],
            f"139{number:08}",
        )

    def _read(self, lines: list[tuple[str, ...]], name: str, *, before: timedelta) -> object:
        out = io.BytesIO()
        with xlsxwriter.Workbook(out) as book:
            sheet = book.add_worksheet("登记表")
            for row, line in enumerate([HEADERS, *lines]):
                sheet.write_row(row, 0, line)
        out.seek(0)
        load = runs.receive(
            out, actor=self.people["register"], scope=self.street, name=name, at=self.now - before, by_worker=False
        )
        runs.read(load.pk)
        load.refresh_from_db()
        return load
