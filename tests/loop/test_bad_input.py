"""What people get wrong, and what goes wrong around them: each has a clear answer and loses nothing."""

from http import HTTPStatus
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from dispatch.views import incident as incident_page
from incidents import services
from incidents.models import Attachment, Category, Incident, StatusChange
from incidents.services import Draft
from incidents.workflow import Act, Status
from tests.browser import DESK, PHONE
from tests.incidents import files
from tests.loop.people import Cast, Person
from tests.world import World

pytestmark = pytest.mark.long

TEXT = "楼下人行道上堆着两张旧沙发，轮椅过不去。"


@pytest.fixture
def worker(cast: Cast) -> Person:
    """At the report form, with a kind and a sentence in it."""
    worker = cast.at(PHONE, "worker")
    worker.go("incidents:report")
    # What an earlier test left unsent would come back as a draft.
    worker.page.evaluate("localStorage.clear()")
    worker.go("incidents:report")
    worker.tick("楼道堆物")
    worker.fill("What is the matter", TEXT)
    return worker


@pytest.fixture
def incident(street: World) -> Incident:
    draft = Draft(unit=street.micro_1, category=Category.objects.get(code="010102"), description=TEXT)
    reported = services.report_incident(draft, actor=street.worker)
    return services.dispatch(reported, actor=street.command, lead=street.enforcement)


def errors_of(person: Person) -> dict[str, str]:
    """Each message, by the label of the field that it stands beside."""
    fields = person.page.locator("main .field.has-error").all()
    labels = [field.locator("label, legend").first.evaluate("label => label.firstChild.data") for field in fields]
    return {label: field.locator(".error").inner_text() for label, field in zip(labels, fields, strict=True)}


def test_a_missing_field_is_named_and_nothing_typed_is_lost(worker: Person) -> None:
    before = Incident.objects.count()
    worker.tick("已当场处理")
    worker.fill("Where exactly", "3幢楼下")
    worker.press("Report")
    assert errors_of(worker) == {worker.word("What did you do"): worker.word("Say what was done.")}
    assert worker.field("What is the matter").input_value() == TEXT
    assert worker.field("Where exactly").input_value() == "3幢楼下"
    assert worker.page.locator("label.tile", has_text="楼道堆物").locator("input").is_checked()
    assert Incident.objects.count() == before

    worker.fill("What did you do", "已联系环卫当场清走。")
    worker.press("Report")
    assert worker.status == "已办结"


def test_a_double_click_is_one_report(worker: Person) -> None:
    before = Incident.objects.count()
    with worker.page.expect_navigation():
        worker.pressable("Report").dblclick()
    worker.look()
    assert worker.number in worker.said
    assert Incident.objects.count() == before + 1


def test_a_session_that_ends_over_a_report_loses_nothing(worker: Person) -> None:
    before = Incident.objects.count()
    worker.fill("Where exactly", "南门")
    worker.page.context.clear_cookies(name="sessionid")
    worker.press("Report")
    assert worker.page.url == f"{worker.site}{reverse('offline')}"
    assert Incident.objects.count() == before

    worker.follow(worker.page.locator("main a:visible").get_by_text(worker.word("Log in"), exact=True).first)
    worker.enter_password()
    expect(worker.page.locator("[data-when=empty]")).to_be_visible()
    filed = Incident.objects.latest("pk")
    assert (filed.description, filed.place_note, filed.reporter) == (TEXT, "南门", worker.user)
    assert Incident.objects.count() == before + 1


def test_a_session_that_ends_over_a_dispatch_beside_the_queue_loses_nothing(cast: Cast, street: World) -> None:
    draft = Draft(unit=street.micro_2, category=Category.objects.get(code="010102"), description=TEXT)
    reported = services.report_incident(draft, actor=street.worker)
    command = cast.at(DESK, "command")
    command.go("dispatch:queue")
    command.page.locator(f"#row-{reported.number}").click()
    command.page.locator("#queue-panel").get_by_text(reported.number).wait_for()
    command.page.keyboard.press("d")
    assert command.field("Lead").evaluate("field => field === document.activeElement")
    command.fill("Instruction", "先拍照留证，再清运。")
    command.page.context.clear_cookies(name="sessionid")
    command.press("Dispatch", "button")
    command.enter_password()
    assert command.field("Instruction").input_value() == "先拍照留证，再清运。"
    command.press("Dispatch")
    reported.refresh_from_db()
    assert reported.status == Status.DISPATCHED


def test_10000_characters_come_back_with_how_many_are_too_many(worker: Person) -> None:
    text = "路" * 10_000
    worker.fill("What is the matter", text)
    worker.press("Report")
    assert "8000" in errors_of(worker)[worker.word("What is the matter")]
    assert worker.field("What is the matter").input_value() == text


def test_control_characters_are_left_out(worker: Person) -> None:
    worker.fill("What is the matter", "楼道\u202e堆物\u0007\u200b，过道\t变窄。")
    worker.press("Report")
    assert Incident.objects.get(number=worker.number).description == "楼道堆物，过道\t变窄。"


@pytest.mark.parametrize(
    ("make", "words"),
    [(files.text_called_photo, "JPEG"), (files.large, "20"), (files.bomb, "60")],
    ids=["not-a-picture", "30-mb", "decompression-bomb"],
)
def test_a_file_that_cannot_be_taken_is_named_and_the_report_goes_on(
    worker: Person, tmp_path: Path, make: object, words: str
) -> None:
    upload = make()  # type: ignore[operator]
    path = tmp_path / upload.name
    path.write_bytes(upload.read())
    attachments = Attachment.objects.count()
    worker.page.locator("input[name=photos]").set_input_files(path)
    answer = worker.page.locator("[data-progress][data-wrong]")
    answer.wait_for()
    assert upload.name in answer.inner_text()
    assert words in answer.inner_text()
    worker.look()
    worker.press("Report")
    assert Incident.objects.get(number=worker.number).description == TEXT
    assert Attachment.objects.count() == attachments


def test_what_lies_elsewhere_does_not_exist(cast: Cast, incident: Incident) -> None:
    outsider = Client()
    outsider.force_login(cast.street.outsider, backend="django.contrib.auth.backends.ModelBackend")
    for number in (incident.number, "20261122-330206003-9999"):
        for address in (reverse("incidents:incident", args=[number]), reverse("incidents:act", args=[number, "void"])):
            assert outsider.get(address).status_code == HTTPStatus.NOT_FOUND
            assert outsider.post(address, {"note": "不存在"}).status_code in {
                HTTPStatus.NOT_FOUND,
                HTTPStatus.METHOD_NOT_ALLOWED,
            }
    assert set(StatusChange.objects.filter(incident=incident).values_list("act", flat=True)) == {
        Act.REPORT,
        Act.DISPATCH,
    }


@pytest.mark.parametrize("username", ["worker", "police_officer", "verifier", "leader", "register"])
def test_the_wrong_role_is_refused_and_leaves_no_history(cast: Cast, incident: Incident, username: str) -> None:
    client = Client()
    client.force_login(getattr(cast.street, username), backend="django.contrib.auth.backends.ModelBackend")
    before = StatusChange.objects.count()
    for slug, fields in (("sign", {}), ("return", {"note": "不属本队"}), ("void", {"note": "无此事"})):
        answer = client.post(reverse("incidents:act", args=[incident.number, slug]), fields)
        assert answer.status_code in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}, slug
    assert StatusChange.objects.count() == before
    incident.refresh_from_db()
    assert incident.status == Status.DISPATCHED


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", {400: "请求无法识别", 403: "您没有这项权限", 404: "没有找到您要的内容", 500: "系统出错了"}),
        (
            "en",
            {
                400: "This request can't be read",
                403: "You may not do this",
                404: "Nothing found here",
                500: "Something broke on our side",
            },
        ),
    ],
)
def test_error_pages_say_what_to_do_in_the_readers_language(
    cast: Cast, incident: Incident, monkeypatch: pytest.MonkeyPatch, language: str, words: dict[int, str]
) -> None:
    reader = Client(raise_request_exception=False, headers={"accept-language": language})
    assert words[400] in reader.get("/", headers={"host": "elsewhere.example"}).content.decode()

    worker = cast.at(PHONE, "worker2", language=language)
    worker.go("incidents:act", incident.number, "void")
    assert words[404] in worker.text  # another grid's
    worker.go("dispatch:queue")
    assert words[403] in worker.text

    def break_down(*_arguments: object) -> None:
        raise RuntimeError("a failure that nobody has thought of")

    monkeypatch.setattr(incident_page, "situation_of", break_down)
    command = cast.at(DESK, "command")
    command.open(incident)
    assert words[500] in command.text
