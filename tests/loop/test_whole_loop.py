"""From report to archive through the pages, as worker, command room, department and verifier do it."""

import pytest

from accounts.models import Language
from incidents.models import Incident
from incidents.workflow import Act, Status
from tests.browser import DESK, PHONE
from tests.loop.people import Cast, Person, history_of

pytestmark = pytest.mark.long

ENGLISH = Language.ENGLISH
TEAM, POLICE = "综合执法队", "派出所"


def report(worker: Person, kind: str, text: str) -> Incident:
    """What a worker sees, reported as usual: for the own grid, without a photo; the kind is found by a word."""
    worker.go("incidents:report")
    worker.unfold("Something else")
    worker.page.locator(".kind-search").fill(kind)
    worker.page.locator(".kind-hit").first.click()
    worker.fill("What is the matter", text)
    worker.press("Report")
    return Incident.objects.get(number=worker.number)


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
    dispatch(cast.at(DESK, "command"), incident, lead=TEAM)
    department = cast.at(DESK, "department")
    department.open(incident)
    department.press("Sign")
    return incident


def evaluate_and_archive(command: Person, incident: Incident) -> None:
    command.open(incident)
    command.press("Record an evaluation")
    command.tick(command.word("Satisfied"))
    command.press("Record an evaluation")
    command.press("Archive")


def choose_in_queue(command: Person, incident: Incident) -> None:
    """Press the row; the incident opens beside the list."""
    command.page.locator(f"#row-{incident.number}").click()
    command.page.locator("#queue-panel").get_by_text(incident.number).wait_for()
    command.look()


def acts(incident: Incident) -> list[str]:
    return [act for act, _who, _status in history_of(incident)]


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
    worker.judge()  # the page that thanks
    incident = Incident.objects.get(number=worker.number)
    assert incident.number in worker.said
    assert worker.status == "已办结"
    assert worker.timeline == ["已当场处理", worker.word("Reported", "history")]

    evaluate_and_archive(command, incident)
    assert command.status == "已归档"
    assert history_of(incident) == [
        (Act.REPORT, "worker", Status.REPORTED),
        (Act.SETTLE, "worker", Status.CLOSED),
        (Act.EVALUATE, "command", Status.CLOSED),
        (Act.ARCHIVE, "command", Status.ARCHIVED),
    ]


def test_level_2_goes_from_hand_to_hand(cast: Cast) -> None:
    worker, command = cast.at(PHONE, "worker"), cast.at(DESK, "command")
    incident = report(worker, "占道经营", "早餐摊占了半条人行道。")
    assert worker.status == "待分流"

    command.go("dispatch:queue")
    choose_in_queue(command, incident)
    command.unfold("Change level or kind")
    command.tick(command.word("2 · larger, handled within hours"))
    command.press("Save")
    choose_in_queue(command, incident)
    command.choose("Lead", TEAM)
    command.unfold("Assisting")
    for box in command.page.locator("[name=assisting]:checked").all():
        box.uncheck()
    command.press("Dispatch", "button")
    assert command.page.locator(f"#row-{incident.number}").count() == 0

    department = cast.at(DESK, "department")
    department.open(incident)
    assert department.status == "待签收"
    department.go("dispatch:tasks")
    row = department.page.locator("tr", has=department.page.locator(f"a[href*='{incident.number}']"))
    with department.page.expect_navigation():
        row.get_by_role("button").click()
    department.open(incident)
    assert department.status == "处置中"
    assert [part[:2] for part in department.parties] == [["主办", TEAM]]
    department.act("Report as handled", contacted="摊主", measures="劝导入市经营，清理现场。", outcome="人行道已畅通。")
    assert department.status == "待核查"
    assert not department.offers("Accept the result")

    verifier = cast.at(PHONE, "verifier")
    verifier.go("dispatch:verify")
    with verifier.page.expect_navigation():
        verifier.page.locator(f"a.row-link[href$='{incident.number}/']").click()
    verifier.act("Accept the result", note="现场看过。")
    assert verifier.status == "已办结"

    evaluate_and_archive(command, incident)
    assert command.status == "已归档"
    for words in ("占了半条人行道", "劝导入市经营", "现场看过"):
        assert words in command.text
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
    assert incident.level == 2


def test_level_3_waits_for_its_assisting_party_and_all_of_it_in_english(cast: Cast) -> None:
    worker = cast.at(PHONE, "worker2", language=ENGLISH)
    incident = report(worker, "fight", "村口两人动手，一人手部擦伤。")
    assert worker.status == "To triage"
    command = cast.at(DESK, "command", language=ENGLISH)
    dispatch(command, incident, lead="Police Station", assisting=("Comprehensive Enforcement Team",))
    assert command.status == "To sign"
    police = cast.at(DESK, "police_officer", language=ENGLISH)
    police.open(incident)
    police.press("Sign")
    assert [part[:2] for part in police.parties] == [
        ["Lead", "Police Station"],
        ["Assisting", "Comprehensive Enforcement Team"],
    ]
    assert not police.offers("Report as handled")
    assert "Comprehensive Enforcement Team" in police.page.locator(".refusal").inner_text()

    department = cast.at(DESK, "department", language=ENGLISH)
    department.open(incident)
    department.act("Answer as assisting party", answer="已到场维持秩序，疏散围观群众。")
    assert department.timeline[0] == "Comprehensive Enforcement Team answered"

    police.open(incident)
    police.act("Report as handled", contacted="双方当事人", measures="分开双方，带回调解，伤者送医。")
    assert police.status == "To verify"
    verifier = cast.at(PHONE, "verifier", language=ENGLISH)
    verifier.open(incident)
    verifier.act("Accept the result")
    assert verifier.status == "Closed"
    evaluate_and_archive(command, incident)
    assert command.status == "Archived"
    assert "已到场维持秩序" in command.text
    assert acts(incident) == [*(Act.REPORT, Act.DISPATCH, Act.SIGN, Act.HANDLE, Act.VERIFY, Act.EVALUATE, Act.ARCHIVE)]


def test_one_is_returned_dispatched_again_suspended_and_resumed(cast: Cast) -> None:
    incident = report(cast.at(PHONE, "worker"), "狗", "小区里有大狗没牵绳。")
    command, department, police = (cast.at(DESK, name) for name in ("command", "department", "police_officer"))
    dispatch(command, incident, lead=TEAM)
    department.open(incident)
    department.act("Return", note="属养犬管理，请派派出所。")
    assert department.status == "已退回"

    command.go("dispatch:queue", query="?tab=returned")
    assert command.page.locator(f"#row-{incident.number}").count() == 1
    dispatch(command, incident, lead=POLICE)
    again, back, at_first, _reported = command.timeline
    assert (POLICE in again, "退回" in back, TEAM in at_first) == (True, True, True)
    assert "请派派出所" in command.text

    police.open(incident)
    police.press("Sign")
    police.act("Ask for suspension", reason="犬主在外地，约一周后回来。")
    assert police.status == "处置中"
    assert not police.offers("Decide on the suspension")
    command.by_keys().open(incident)
    assert "犬主在外地" in command.text
    command.press("Decide on the suspension")
    command.tick(command.word("Approve: suspend it"))
    command.press("Decide on the suspension")
    assert command.status == "挂账中"
    assert not incident.deadlines.filter(met_at=None, cancelled_at=None, suspended_at=None).exists()

    police.open(incident)
    police.act("Resume")
    assert police.status == "处置中"
    assert not incident.deadlines.exclude(suspended_at=None).exists()
    assert acts(incident) == [*(Act.REPORT, Act.DISPATCH, Act.RETURN, Act.DISPATCH, Act.SIGN, Act.SUSPEND, Act.RESUME)]


def test_two_reports_of_one_thing_become_one(cast: Cast) -> None:
    first = report(cast.at(PHONE, "worker"), "小广告", "电线杆上贴满小广告。")
    second = report(cast.at(PHONE, "worker"), "小广告", "村口电线杆上都是小广告。")
    command = cast.at(DESK, "command").by_keys()
    command.open(second)
    command.press("Merge")
    command.select(command.page.locator(f"main input[name=into][value='{first.number}']"))
    command.press("Merge")
    assert command.status == "已并案"
    command.follow(command.page.locator("main").get_by_role("link", name=first.number))
    assert command.number == first.number
    assert command.word("%(number)s was merged into this one", number=second.number) in command.timeline
    second.refresh_from_db()
    assert (second.status, second.merged_into) == (Status.MERGED, first)


def test_a_rejected_result_is_done_again_and_a_closed_incident_opened_again(cast: Cast) -> None:
    incident = in_progress(cast, "毁绿", "绿化带被铺了水泥。")
    command, department = cast.at(DESK, "command"), cast.at(DESK, "department")
    department.act("Report as handled", measures="已清理并劝导当事人。")
    verifier = cast.at(PHONE, "verifier")
    verifier.open(incident)
    verifier.act("Reject the result", note="水泥还在，只清了表面。")
    assert verifier.status == "处置中"

    department.go("dispatch:tasks", query="?tab=handle")
    row = department.page.locator("tr", has=department.page.locator(f"a[href*='{incident.number}']"))
    assert department.word("rework") in row.inner_text()
    department.open(incident)
    assert "水泥还在" in department.text
    department.act("Report as handled", measures="水泥已全部清除并复绿。")
    verifier.open(incident)
    verifier.act("Accept the result")
    assert verifier.status == "已办结"

    command.open(incident)
    assert not command.offers("Archive")
    command.act("Re-open", note="居民来电，又铺了一块。")
    assert command.status == "处置中"
    department.open(incident)
    assert "又铺了一块" in department.text
    assert department.offers("Report as handled")
    assert acts(incident)[-5:] == [Act.HANDLE, Act.REJECT, Act.HANDLE, Act.VERIFY, Act.REOPEN]
    incident.refresh_from_db()
    assert incident.closed_at is None
