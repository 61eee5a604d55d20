"""From report to archive through the pages, as worker, command room, department and verifier do it."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import ViewportSize

from accounts.models import Language
from dispatch import close_out, digest
from incidents.models import Incident
from incidents.workflow import Act, Status
from tests.browser import DESK, PHONE
from tests.loop.people import Cast, Person, history_of

pytestmark = pytest.mark.browser

CHINESE, ENGLISH = Language.CHINESE, Language.ENGLISH


def report(worker: Person, kind: str, text: str) -> Incident:
    """What a worker sees, reported as usual: for the own grid, without a photo."""
    worker.go("incidents:report")
    find_kind(worker, kind)
    worker.fill("What is the matter", text)
    worker.press("Report")
    return Incident.objects.get(number=worker.number)


def find_kind(worker: Person, kind: str) -> None:
    """By the search over all kinds."""
    worker.unfold("Something else")
    worker.page.locator(".kind-search").fill(kind)
    worker.page.locator(".kind-hit").first.click()


def dispatch(command: Person, incident: Incident, *, lead: str, assisting: tuple[str, ...] = ()) -> None:
    """From the incident's page: this lead, and these assisting parties instead of those that the catalogue proposes."""
    command.open(incident)
    command.press("Dispatch")
    command.choose("Lead", lead)
    for box in command.page.locator("[name=assisting]").all():
        box.set_checked(box.locator("xpath=..").inner_text().strip() in assisting)
    command.press("Dispatch")


def in_progress(cast: Cast, kind: str, text: str) -> Incident:
    """Reported, dispatched to the enforcement team and signed there."""
    incident = report(cast.at(PHONE, "worker"), kind, text)
    dispatch(cast.at(DESK, "command"), incident, lead="综合执法队")
    department = cast.at(DESK, "department")
    department.open(incident)
    department.press("Sign")
    return incident


def handled(cast: Cast, kind: str, text: str) -> Incident:
    incident = in_progress(cast, kind, text)
    cast.at(DESK, "department").act("Report as handled", measures="已清理并劝导当事人。")
    return incident


def closed(cast: Cast, kind: str, text: str) -> Incident:
    incident = handled(cast, kind, text)
    verifier = cast.at(PHONE, "verifier")
    verifier.open(incident)
    verifier.act("Result holds")
    return incident


def evaluate_and_archive(command: Person, incident: Incident) -> None:
    command.open(incident)
    command.press("Record an evaluation")
    command.tick(command.word("Satisfied"))
    command.press("Record an evaluation")
    command.press("Archive")


def test_level_1_is_reported_and_settled_in_one_act(cast: Cast) -> None:
    worker, command = cast.at(PHONE, "worker"), cast.at(DESK, "command")
    worker.go("dispatch:today")
    worker.press("Report")
    worker.tick("楼道堆物")
    worker.fill("Where exactly", "2幢1单元")
    worker.fill("What is the matter", "一楼过道堆了纸箱，已联系住户。")
    worker.tick("已当场处理")
    worker.fill("What did you do", "当面劝导，住户当场搬走，过道已畅通。")
    worker.press("Report")
    incident = Incident.objects.get(number=worker.number)
    assert incident.number in worker.said
    assert worker.status == "已办结"
    assert worker.timeline == [worker.word("Handled on the spot"), worker.word("Reported", "history")]

    evaluate_and_archive(command, incident)
    assert command.status == "已归档"
    assert history_of(incident) == [
        (Act.REPORT, "worker", Status.REPORTED),
        (Act.SETTLE, "worker", Status.CLOSED),
        (Act.EVALUATE, "command", Status.CLOSED),
        (Act.ARCHIVE, "command", Status.ARCHIVED),
    ]


STATUS_WORDS = {
    CHINESE: ("待分流", "待签收", "处置中", "待核查", "已办结", "已归档"),
    ENGLISH: ("To triage", "To sign", "In progress", "To verify", "Closed", "Archived"),
}
TEAM = {CHINESE: "综合执法队", ENGLISH: "Comprehensive Enforcement Team"}


@pytest.mark.parametrize("language", [CHINESE, ENGLISH])
def test_level_2_goes_from_hand_to_hand(cast: Cast, language: Language) -> None:
    words = iter(STATUS_WORDS[language])
    worker = cast.at(PHONE, "worker", language=language)
    incident = report(worker, "占道经营" if language == CHINESE else "pavement", "早餐摊占了半条人行道。")
    assert worker.status == next(words)

    command = cast.at(DESK, "command", language=language)
    command.go("dispatch:queue")
    choose_in_queue(command, incident)
    command.unfold("Change level or kind")
    command.tick(command.word("2 · larger, handled within hours"))
    command.press("Save")
    choose_in_queue(command, incident)
    command.choose("Lead", TEAM[language])
    command.unfold("Assisting")
    for box in command.page.locator("[name=assisting]:checked").all():
        box.uncheck()
    command.press("Dispatch", "button")
    assert incident.number not in command.text

    department = cast.at(DESK, "department", language=language)
    department.open(incident)
    assert department.status == next(words)
    department.go("dispatch:tasks")
    row = department.page.locator("tr", has=department.page.locator(f"a[href*='{incident.number}']"))
    with department.page.expect_navigation():
        row.get_by_role("button").click()
    department.open(incident)
    assert department.status == next(words)
    assert [part[1] for part in department.parties] == [TEAM[language]]
    department.act("Report as handled", contacted="摊主", measures="劝导入市经营，清理现场。", outcome="人行道已畅通。")
    assert department.status == next(words)
    assert not department.offers("Result holds")

    verifier = cast.at(PHONE, "verifier", language=language)
    verifier.go("dispatch:verify")
    verifier.page.locator(f"a[href$='{incident.number}/']").first.click()
    verifier.act("Result holds", note="现场看过。")
    assert verifier.status == next(words)

    evaluate_and_archive(command, incident)
    assert command.status == next(words)
    assert command.timeline[0] == command.word("Archived")
    assert "占了半条人行道" in command.text
    assert history_of(incident) == [
        (Act.REPORT, "worker", Status.REPORTED),
        (Act.TRIAGE, "command", Status.REPORTED),
        (Act.DISPATCH, "command", Status.DISPATCHED),
        (Act.SIGN, "department", Status.IN_PROGRESS),
        (Act.HANDLE, "department", Status.HANDLED),
        (Act.VERIFY, "verifier", Status.CLOSED),
        (Act.EVALUATE, "command", Status.CLOSED),
        (Act.ARCHIVE, "command", Status.ARCHIVED),
    ]
    incident.refresh_from_db()
    assert (incident.level, incident.status) == (2, Status.ARCHIVED)


def choose_in_queue(command: Person, incident: Incident) -> None:
    """Press the row; the incident opens beside the list."""
    command.page.locator(f"#row-{incident.number}").click()
    command.page.locator("#queue-panel").get_by_text(incident.number).wait_for()
    command.look()


def test_level_3_waits_for_the_answer_of_its_assisting_party(cast: Cast) -> None:
    incident = report(cast.at(PHONE, "worker2"), "斗殴", "村口两人动手，一人手部擦伤。")
    command = cast.at(DESK, "command")
    dispatch(command, incident, lead="派出所", assisting=("综合执法队",))
    police = cast.at(DESK, "police_officer")
    police.open(incident)
    police.press("Sign")
    assert [part[:2] for part in police.parties] == [["主办", "派出所"], ["协办", "综合执法队"]]
    assert not police.offers("Report as handled")
    assert "综合执法队" in police.page.locator(".refusal").inner_text()

    department = cast.at(DESK, "department")
    department.open(incident)
    department.act("Answer as assisting party", answer="已到场维持秩序，疏散围观群众。")
    assert department.timeline[0] == department.word("%(party)s answered", party="综合执法队")

    police.open(incident)
    police.act("Report as handled", contacted="双方当事人", measures="分开双方，带回调解，伤者送医。")
    verifier = cast.at(PHONE, "verifier")
    verifier.open(incident)
    verifier.act("Result holds")
    evaluate_and_archive(command, incident)
    assert command.status == "已归档"
    assert "已到场维持秩序" in command.text
    assert [act for act, *_rest in history_of(incident)] == [
        *(Act.REPORT, Act.DISPATCH, Act.SIGN, Act.HANDLE, Act.VERIFY, Act.EVALUATE, Act.ARCHIVE)
    ]


def test_a_returned_incident_is_dispatched_again(cast: Cast) -> None:
    incident = report(cast.at(PHONE, "worker"), "狗", "小区里有大狗没牵绳。")
    command, department = cast.at(DESK, "command"), cast.at(DESK, "department")
    dispatch(command, incident, lead="综合执法队")
    department.open(incident)
    department.act("Return", note="属养犬管理，请派派出所。")
    assert department.status == "已退回"

    command.go("dispatch:queue", query="?tab=returned")
    assert incident.number in command.page.content()
    dispatch(command, incident, lead="派出所")
    again, back, at_first, _reported = command.timeline
    assert "派出所" in again
    assert "退回" in back
    assert "综合执法队" in at_first
    assert "请派派出所" in command.text
    police = cast.at(DESK, "police_officer")
    police.open(incident)
    police.press("Sign")
    assert police.status == "处置中"
    assert [act for act, *_rest in history_of(incident)] == [
        *(Act.REPORT, Act.DISPATCH, Act.RETURN, Act.DISPATCH, Act.SIGN)
    ]


def test_a_suspension_is_asked_for_approved_and_ended(cast: Cast) -> None:
    incident = in_progress(cast, "违建", "三楼平台上搭了铁皮棚。")
    department, command = cast.at(DESK, "department"), cast.at(DESK, "command")
    department.act("Ask for suspension", reason="等鉴定报告，约一周。")
    assert department.status == "处置中"
    assert not department.offers("Decide on the suspension")

    command.open(incident)
    assert "等鉴定报告" in command.text
    command.press("Decide on the suspension")
    command.tick(command.word("Approve: suspend it"))
    command.press("Decide on the suspension")
    assert command.status == "挂账中"
    assert not incident.deadlines.filter(met_at=None, cancelled_at=None, suspended_at=None).exists()

    department.open(incident)
    department.act("Resume")
    assert department.status == "处置中"
    assert not incident.deadlines.exclude(suspended_at=None).exists()
    assert [act for act, *_rest in history_of(incident)][-2:] == [Act.SUSPEND, Act.RESUME]


def test_two_reports_of_one_thing_become_one(cast: Cast) -> None:
    first = report(cast.at(PHONE, "worker"), "小广告", "电线杆上贴满小广告。")
    second = report(cast.at(PHONE, "worker"), "小广告", "村口电线杆上都是小广告。")
    command = cast.at(DESK, "command")
    command.open(second)
    command.press("Merge")
    command.tick(first.description)
    command.press("Merge")
    assert command.status == "已并案"
    with command.page.expect_navigation():
        command.page.locator("main").get_by_role("link", name=first.number).click()
    command.look()
    assert command.number == first.number
    assert command.word("%(number)s was merged into this one", number=second.number) in command.timeline
    second.refresh_from_db()
    assert (second.status, second.merged_into) == (Status.MERGED, first)


def test_a_rejected_result_goes_back_to_the_lead(cast: Cast) -> None:
    incident = handled(cast, "毁绿", "绿化带被铺了水泥。")
    verifier, department = cast.at(PHONE, "verifier"), cast.at(DESK, "department")
    verifier.open(incident)
    verifier.act("Result does not hold", note="水泥还在，只清了表面。")
    assert verifier.status == "处置中"

    department.go("dispatch:tasks", query="?tab=handle")
    row = department.page.locator("tr", has=department.page.locator(f"a[href*='{incident.number}']"))
    assert department.word("rework") in row.inner_text()
    department.open(incident)
    assert "水泥还在" in department.text
    department.act("Report as handled", measures="水泥已全部清除并复绿。")
    verifier.open(incident)
    verifier.act("Result holds")
    assert verifier.status == "已办结"
    assert [act for act, *_rest in history_of(incident)][-4:] == [Act.HANDLE, Act.REJECT, Act.HANDLE, Act.VERIFY]
    assert incident.results.count() == 2


def test_a_closed_incident_is_opened_again(cast: Cast) -> None:
    incident = closed(cast, "建筑垃圾", "路边倒了一堆碎砖。")
    command, department = cast.at(DESK, "command"), cast.at(DESK, "department")
    command.open(incident)
    assert not command.offers("Archive")
    command.act("Re-open", note="居民来电，砖头又倒了一堆。")
    assert command.status == "处置中"
    department.open(incident)
    assert "居民来电" in department.text
    assert department.offers("Report as handled")
    assert history_of(incident)[-1] == (Act.REOPEN, "command", Status.IN_PROGRESS)
    incident.refresh_from_db()
    assert incident.closed_at is None


PAGES = {
    "worker2": ["dispatch:today", "incidents:list", "incidents:report", "accounts:profile", "places"],
    "department": ["dispatch:tasks", "accounts:password"],
    "verifier": ["dispatch:verify"],
    "command": ["dispatch:queue", "dispatch:board", "dispatch:close_out", "dispatch:messages", "incidents:report"],
    "register": ["grids:tree"],
}


@pytest.mark.parametrize(("size", "language"), [(PHONE, ENGLISH), (DESK, CHINESE)], ids=["phone-en", "desk-zh"])
def test_every_page_fits_its_screen_and_everybody_can_use_it(
    cast: Cast, size: ViewportSize, language: Language
) -> None:
    at = datetime(2026, 11, 20, 8, 10, tzinfo=UTC)  # ten past four in Shanghai
    close_out.close_owed_days(at)
    digest.push_reminders(at)
    report(cast.at(PHONE, "worker"), "井盖", "井盖翘起，电动车险些摔倒。")
    for username, names in PAGES.items():
        person = cast.at(size, username, language=language)
        for name in names:
            person.go(name)
    command, street = cast.at(size, "command", language=language), cast.street
    command.go("dispatch:close_out_report", street.street_a.code, "2026-11-20")
    command.go("dispatch:board_unit", street.community_1.code)
    command.go("dispatch:board_incidents", street.community_1.code, "open")
    register = cast.at(size, "register", language=language)
    for name in ("unit", "add", "edit", "move", "retire", "give_post"):
        register.go(f"grids:{name}", street.grid_1.code)
