"""From the sheet to the evaluation, as a resident lives it; and what strangers, guessers and machines get instead."""

import uuid
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.errors import Forbidden
from accounts.models import AccessRecord, Notice
from grids.models import Absence, Post
from incidents import services
from incidents.models import Incident, StatusChange
from incidents.workflow import Act, Status
from public import answering, reporting, throttle
from public.consent import current_consent
from public.models import Feedback, PlaceCode, ResidentReport
from public.place_codes import give_codes, live_place, place_of, renew_code, units_of_sheet, withdraw_code
from tests.incidents import files
from tests.incidents.stages import HOUR, MINUTE, NINE, category

TEXT = "3号楼楼道口堆了旧家具 <script>alert(1)</script>"
PHONE = "138 1234 5678"


@pytest.fixture
def code(world):
    give_codes([world.micro_1], actor=world.register, at=NINE)
    category(world, 2)
    return PlaceCode.objects.get()


def fields(**other):
    form = {"client_uuid": uuid.uuid4(), "kind": "010102", "text": TEXT, "phone": PHONE, "consent": 1}
    return form | other


def photo(name="p.png"):
    out = BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), "image/png")


def send(client, code, **other):
    return client.post(reverse("public:report", args=[code.code]), fields(**other))


def test_a_resident_reports_follows_evaluates_and_opens_again(client, world, code):
    door = client.post("/q/", {"code": code.shown.lower()})
    assert door["Location"] == f"/q/{code.code}/"
    page = client.get(door["Location"]).content.decode()
    assert all(name in page for name in (world.micro_1.name, world.micro_1.community.name, world.micro_1.street.name))
    same = fields()
    first = client.post(door["Location"], same | {"photos": [photo()]})
    again = client.post(door["Location"], same | {"photos": [photo()]})
    assert again["Location"] == first["Location"]  # sent twice, kept once
    report = ResidentReport.objects.get()
    incident = report.incident
    assert (incident.reporter, incident.source, incident.unit) == (None, "resident", world.micro_1)
    assert incident.attachments.count() == 1
    for other in ({"text": "另一件事"}, {"text": ""}):  # after a step back in the browser, with a photo of its own
        page = client.post(door["Location"], same | other | {"photos": [files.photo()]})
        assert len(page.context["photos"]) == 1
        assert page.context["form"].draft_key != same["client_uuid"]
    assert incident.attachments.count() == 1
    assert report.consent.version == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT phone || link || secret FROM public_residentreport")
        (kept,) = cursor.fetchone()
    assert not any(secret in kept for secret in ("13812345678", report.link, report.secret))

    there = client.get(first["Location"])
    told = there.content.decode()
    assert incident.number in told
    assert report.shown_secret in told
    assert "<script>alert" not in told
    assert "13812345678" not in told
    assert "no-store" in there["Cache-Control"]
    assert there["Referrer-Policy"] == "same-origin"
    found = client.post("/r/", {"number": incident.number, "secret": report.shown_secret.lower()})
    assert found["Location"] == first["Location"]

    client.post(f"{first['Location']}add/", {"text": "还有两张床垫"})
    note = incident.notes.get()
    assert (note.by, note.text) == (None, "还有两张床垫")
    at = incident.reported_at
    services.dispatch(incident, actor=world.command, lead=world.enforcement, at=at + MINUTE)
    services.sign(incident, actor=world.department, at=at + 2 * MINUTE)
    services.handle(incident, actor=world.department, measures="周经办到场清走，电话13912345678。", at=at + 3 * MINUTE)
    assert "清走" not in client.get(first["Location"]).content.decode()  # not before somebody has checked it
    services.verify(incident, actor=world.verifier, at=at + 4 * MINUTE)
    told = client.get(first["Location"]).content.decode()
    assert "清走" in told
    assert not any(name in told for name in ("周经办", "13912345678", "陈值班", "吴核查"))

    client.post(f"{first['Location']}rate/", {"score": "dissatisfied"})
    assert incident.evaluations.get().recorded_by is None
    again = client.post(f"{first['Location']}again/", {"reason": "床垫还在"})
    assert again.status_code == 302
    incident.refresh_from_db()
    assert incident.status == Status.IN_PROGRESS
    acts = StatusChange.objects.filter(incident=incident, by_resident=True).values_list("act", flat=True)
    assert list(acts) == [Act.REPORT, Act.EVALUATE, Act.REOPEN]
    client.force_login(world.command)
    assert "居民" in client.get(reverse("incidents:incident", args=[incident.number])).content.decode()


def test_whoever_stands_in_for_the_room_is_reminded_in_its_place(client, world, code):
    send(client, code)
    due = ResidentReport.objects.get().answer_due_at
    day = timezone.localdate(due)
    post = Post.objects.get(user=world.command)
    Absence.objects.create(
        post=post, starts_on=day, ends_on=day, stand_in=world.verifier, made_by=world.command, made_at=NINE
    )
    assert answering.remind_of_answers(due - HOUR) == 1
    told = set(Notice.objects.values_list("user__username", flat=True))
    assert "verifier" in told
    assert "command" not in told, told


def test_the_room_answers_in_time_and_each_look_at_the_phone_is_recorded(client, world, code):
    send(client, code)
    report = ResidentReport.objects.select_related("incident").get()
    due = report.answer_due_at
    assert answering.remind_of_answers(due - 3 * HOUR) == 0
    assert answering.remind_of_answers(due - HOUR) == 1
    assert answering.remind_of_answers(due) == 0
    assert Notice.objects.filter(user=world.command).count() == 1
    with pytest.raises(Forbidden):
        answering.answer_resident(report.incident, actor=world.outsider, text="好")
    client.force_login(world.command)
    act = reverse("incidents:act", args=[report.incident.number, "answer-resident"])
    page = client.get(act).content.decode()
    assert "13812345678" not in page
    assert "13812345678" in client.post(reverse("public:phone", args=[report.incident.number])).content.decode()
    assert AccessRecord.objects.get(subject="incident").actor == world.command
    client.post(act, {"text": "已安排明天上午清理。"})
    client.post(act, {"text": "已安排明天上午清理。"})
    assert "已安排明天上午清理" in Client().get(reverse("public:progress", args=[report.link])).content.decode()
    answer = report.answers.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        report.answers.update(text="别的")
    assert answer.by == world.command
    services.void(report.incident, actor=world.command, note="重复", at=NINE)
    ended = Incident.objects.get().state_entered_at
    assert answering.forget_phones(ended + timedelta(days=89)) == 0
    assert answering.forget_phones(ended + timedelta(days=90)) == 1
    assert ResidentReport.objects.get().phone == ""
    client.force_login(world.outsider)
    assert client.post(reverse("public:phone", args=[report.incident.number])).status_code == 404


def test_codes_are_given_renewed_and_withdrawn_by_who_manages_the_tree(client, world, code):
    with pytest.raises(Forbidden):
        give_codes([world.micro_1], actor=world.worker)
    assert give_codes(list(units_of_sheet(world.community_1)), actor=world.register) == 6
    new = renew_code(world.micro_1, actor=world.register, replaces=code.code)
    assert renew_code(world.micro_1, actor=world.register, replaces=code.code) == new
    assert place_of(code.code) is None
    assert place_of(new.code).unit == world.micro_1
    assert live_place(new.unit) == world.micro_1
    client.force_login(world.register)
    page = client.get(reverse("public:sheets", args=[world.community_1.code])).content.decode()
    assert page.count("<svg viewBox") == page.count('class="qr"') == 7
    assert new.shown in page
    assert client.get(reverse("public:communities")).status_code == 200
    assert client.get(reverse("public:sheets", args=[world.community_b.code])).status_code == 404
    withdraw_code(world.micro_1, actor=world.register)
    withdraw_code(world.micro_1, actor=world.register)
    assert client.get(f"/q/{new.code}/").status_code == 404
    client.force_login(world.worker)
    assert client.get(reverse("public:communities")).status_code == 403


def test_guessers_learn_nothing_and_are_slowed_down(client, world, code):
    send(client, code)
    report = ResidentReport.objects.get()
    wrong, unknown = (
        client.post("/r/", {"number": number, "secret": "AAAA-AAAA"})
        for number in (report.incident.number, "20261120-330206003-9999")
    )
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.context["form"].non_field_errors() == unknown.context["form"].non_field_errors()
    for _attempt in range(throttle.NUMBER_MISSED.most):
        throttle.NUMBER_MISSED.count(report.incident.number)
    right = {"number": report.incident.number, "secret": report.secret}
    for written in ("%s", " No. %s", "%s.", "x%s"):  # one number, however it is written
        assert client.post("/r/", right | {"number": written % report.incident.number}).status_code == 429
    assert client.get(f"/r/{report.link[:-1]}x/").status_code == 404
    old = renew_code(world.micro_1, actor=world.register)
    withdraw_code(world.micro_1, actor=world.register)
    ended, never = (client.get(f"/q/{guess}/") for guess in (old.code, "AAAAAAAAA"))
    assert ended.status_code == never.status_code == 404
    assert old.code not in ended.content.decode().replace(f"/q/{old.code}/", "")
    assert ended.context["is_wrong"] is never.context["is_wrong"] is True
    for _attempt in range(throttle.CODE_MISSED.most):
        throttle.CODE_MISSED.count("127.0.0.1")
    for path in (f"/q/{code.code}/", f"/r/{report.link}/", "/feedback/nothing/"):
        answer = client.get(path)
        assert (answer.status_code, answer["Retry-After"]) == (429, "600")


def test_machines_are_asked_a_sum_and_large_requests_are_refused_unread(client, world, code, monkeypatch):
    assert send(client, code, website="http://x").status_code == 422
    for _attempt in range(throttle.SENT_FROM.most):
        throttle.SENT_FROM.count("127.0.0.1")
    page = send(client, code)
    assert page.status_code == 422
    assert not Incident.objects.exists()
    form = page.context["form"]
    assert form["text"].value() == TEXT  # kept
    key = form["sum_key"].value()
    monkeypatch.setattr("public.sums.cache.get", lambda name, *rest: 6 if key in name else 0)
    assert send(client, code, sum_key=key, sum_answer="6").status_code == 302
    big = client.post(f"/q/{code.code}/", {}, CONTENT_LENGTH=str(40 * 1024 * 1024))
    assert big.status_code == 413
    assert send(client, code, text="长" * 501, client_uuid="no").status_code == 422
    assert send(client, code, phone="电话").status_code == 422
    assert send(client, code, photos=[photo() for _ in range(4)]).status_code == 422
    assert send(client, code, photos=[SimpleUploadedFile("x.png", b"MZ evil")]).status_code == 422
    assert Incident.objects.count() == 1


def test_photos_of_a_form_with_an_error_are_shown_again_and_each_can_be_taken_away(client, world, code):
    wrong = fields(phone="电话", photos=[photo("a.png"), SimpleUploadedFile("x.png", b"MZ evil")])
    page = client.post(f"/q/{code.code}/", wrong)
    (kept,) = page.context["photos"]
    assert kept.picture.startswith("data:image/jpeg;base64,")
    assert kept.picture in page.text
    same = {name: value for name, value in wrong.items() if name != "photos"}
    other = fields(remove_photo=kept.pk)
    client.post(f"/q/{code.code}/", other)  # somebody else's form takes nothing away
    for broken in ("²", "9" * 5000, "-1"):
        assert client.post(f"/q/{code.code}/", same | {"remove_photo": broken}).status_code == 200
    assert len(client.post(f"/q/{code.code}/", same).context["photos"]) == 1
    gone = client.post(f"/q/{code.code}/", same | {"remove_photo": kept.pk})
    assert (gone.status_code, gone.context["photos"], gone.context["form"]["text"].value()) == (200, [], TEXT)
    client.post(f"/q/{code.code}/", same | {"photos": [photo("b.png")]})
    assert client.post(f"/q/{code.code}/", same | {"phone": ""}).status_code == 302
    assert Incident.objects.get().attachments.get().name == "b.png"
    assert client.get(f"/q/{code.code}/").context["photos"] == []


def test_forms_of_strangers_need_their_token(world, code):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/q/{code.code}/", fields()).status_code == 403


def test_a_merged_report_shows_the_other_one_without_its_senders_words(client, world, code):
    sent = [
        reporting.send_report(reporting.Said(code, category(world, 2), text, current_consent()))
        for text in ("一", "二")
    ]
    reporting.add_to(sent[0], "第一位居民的补充")
    services.merge(sent[1].incident, into=sent[0].incident, actor=world.command)
    page = client.get(reverse("public:progress", args=[sent[1].link])).content.decode()
    assert "第一位居民的补充" not in page
    reporting.add_to(ResidentReport.objects.get(pk=sent[1].pk), "第二位的补充")
    assert sent[0].incident.notes.count() == 2
    first, second = (client.get(reverse("public:progress", args=[report.link])).text for report in sent)
    assert "第二位的补充" not in first
    assert "第一位居民的补充" in first
    assert "第二位的补充" in second


def test_feedback_is_for_everybody_and_answered_by_the_administrator(client, world):
    form = {"client_uuid": uuid.uuid4(), "kind": "idea", "text": "<b>字再大些</b>"}
    first = client.post("/feedback/", form)
    assert client.post("/feedback/", form)["Location"] == first["Location"]
    other = [client.post("/feedback/", form | {"text": "退回后改写的另一条"})["Location"] for _ in range(2)]
    assert (len({*other, first["Location"]}), Feedback.objects.count()) == (2, 2)
    client.force_login(world.worker)
    mine = client.post("/feedback/", form | {"client_uuid": uuid.uuid4()})["Location"]
    client.force_login(world.admin)
    row = Feedback.objects.get(by=world.worker)
    change = reverse("admin:public_feedback_change", args=[row.pk])
    assert client.get(reverse("admin:public_feedback_changelist")).status_code == 200
    client.post(change, {"answer": "下一版加大。"})
    assert "下一版加大" in Client().get(mine).content.decode()
    assert "<b>" not in Client().get(first["Location"]).content.decode()
    assert Notice.objects.filter(user=world.worker).count() == 1


def test_elder_mode_is_one_press_and_leads_nowhere_else(client, world, code):
    assert client.post("/elder/", {"next": f"/q/{code.code}/"})["Location"] == f"/q/{code.code}/"
    assert 'class="large"' in client.get("/q/").content.decode()
    assert client.post("/elder/", {"next": "https://example.org/"})["Location"] == "/q/"
    assert 'class="large"' not in client.get("/q/").content.decode()
