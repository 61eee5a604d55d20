"""Photos and papers: what is kept of them, what is refused, and who sees them."""

import time
import uuid
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from accounts.errors import Refused
from governance.celery import app
from incidents import services
from incidents.actors import RESIDENT
from incidents.attachments import MOST_FILES, accept_file, attach_drafts, drafts_of, remove_drafts, stale_drafts
from incidents.models import Attachment
from incidents.services import Draft
from incidents.tasks import remove_stale_drafts
from tests.incidents import files, stages
from tests.incidents.stages import NINE

KEY = uuid.UUID("11111111-2222-4333-8444-555555555555")


def accept(world, upload, *, draft_key=KEY, at=NINE):
    return accept_file(upload, actor=world.worker, draft_key=draft_key, at=at)


def refusal_of(world, upload):
    with pytest.raises(Refused) as refused:
        accept(world, upload)
    assert refused.value.field == "photos"
    assert not Attachment.objects.exists()
    return refused.value


def test_a_photo_is_kept_upright_and_without_place_or_phone(world):
    kept = accept(world, files.photo())
    content = kept.file.read()
    image = Image.open(BytesIO(content))
    assert (image.format, image.size) == ("JPEG", (480, 640))
    assert not dict(image.getexif())
    assert b"SecretPhone" not in content
    assert "icc_profile" not in image.info
    assert kept.file.name.startswith("incidents/")
    assert "IMG" not in kept.file.name


def test_a_large_picture_becomes_as_small_as_a_screen_needs_with_a_thumb_beside_it(world):
    kept = accept(world, files.photo(size=(6000, 3000)))
    assert max(Image.open(kept.file).size) == 2560
    assert max(Image.open(kept.file.storage.open(kept.thumb_path)).size) == 480


def test_see_through_pictures_are_put_on_white(world):
    out = BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "PNG")
    kept = accept(world, files.SimpleUploadedFile("shot.png", out.getvalue()))
    assert Image.open(kept.file).getpixel((4, 4)) == (255, 255, 255)


def test_a_decompression_bomb_is_refused_before_it_is_unpacked(world):
    bomb = files.bomb()
    begun = time.monotonic()
    assert refusal_of(world, bomb).code == "too_many_pixels"
    assert time.monotonic() - begun < 1


def test_a_file_is_judged_by_what_it_is_and_the_answer_names_it(world):
    refusal = refusal_of(world, files.text_called_photo())
    assert refusal.code == "not_a_picture"
    assert "holiday.jpg" in refusal.message


def test_a_photo_cut_off_on_the_way_is_refused(world):
    whole = files.photo(size=(2000, 2000), color="green").read()
    assert refusal_of(world, files.SimpleUploadedFile("half.jpg", whole[: len(whole) // 2])).code == "damaged"


def test_a_30_mb_photo_is_told_its_size_and_the_limit(world):
    refusal = refusal_of(world, files.large(30))
    assert refusal.code == "too_large"
    assert "large.jpg" in refusal.message
    assert "30" in refusal.message
    assert "20" in refusal.message


def test_a_pdf_keeps_its_pages_and_nothing_that_acts(world):
    upload = files.scripted_paper()
    assert b"evil" in upload.read()
    kept = accept(world, upload)
    content = kept.file.read()
    assert kept.kind == Attachment.Kind.PAPER
    assert content.startswith(b"%PDF-")
    for trace in (b"evil", b"JavaScript", b"payload", b"/Annots", b"/OpenAction", b"Somebody"):
        assert trace not in content


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (files.paper(password="x"), "locked"),
        (files.paper(pages=51), "too_many_pages"),
        (files.SimpleUploadedFile("broken.pdf", b"%PDF-1.7 nothing more"), "damaged"),
        (files.SimpleUploadedFile("empty.jpg", b""), "empty"),
    ],
    ids=["locked", "51 pages", "broken", "empty"],
)
def test_papers_that_cannot_be_kept_say_why(world, upload, code):
    upload.seek(0)
    assert refusal_of(world, upload).code == code


def test_the_same_file_twice_is_kept_once(world):
    assert accept(world, files.photo()) == accept(world, files.photo("again.jpg"))
    assert Attachment.objects.count() == 1


def test_the_eleventh_file_of_a_form_is_refused(world):
    for number in range(MOST_FILES):
        accept(world, files.photo(size=(8 + number, 8)))
    with pytest.raises(Refused) as refused:
        accept(world, files.photo(size=(99, 9)))
    assert refused.value.code == "too_many"
    assert Attachment.objects.count() == MOST_FILES


def test_a_name_is_only_a_label(world):
    kept = accept(world, files.photo("../../etc/\u202egpj.exe" + "a" * 300))
    assert "/" not in kept.name
    assert "\u202e" not in kept.name
    assert len(kept.name) <= 120


def test_waiting_files_go_with_the_report_and_so_does_a_late_one(world):
    waiting = accept(world, files.photo())
    draft = Draft(unit=world.micro_1, category=stages.category(world), description="灯坏了", client_uuid=KEY)
    incident = services.report_incident(draft, actor=world.worker, at=NINE)
    late = accept(world, files.photo(size=(9, 9)))
    assert set(incident.attachments.all()) == {waiting, late}


def test_nobody_takes_the_waiting_files_of_somebody_else(world):
    accept(world, files.photo())
    incident = stages.report(world)
    assert attach_drafts(KEY, incident=incident, actor=world.worker2) == 0
    assert not drafts_of(world.worker2, KEY).exists()


def test_files_of_forms_never_sent_go_after_two_weeks_and_a_residents_after_two_days(world):
    old, kept = accept(world, files.photo()), accept(world, files.photo(size=(9, 9)), draft_key=uuid.uuid4())
    attach_drafts(kept.draft_key, incident=stages.report(world), actor=world.worker)
    storage, path, thumb = old.file.storage, old.file.name, old.thumb_path
    accept_file(files.photo(), actor=RESIDENT, draft_key=uuid.uuid4(), at=NINE)
    assert remove_drafts(stale_drafts(NINE + timedelta(days=2))) == 0
    assert remove_drafts(stale_drafts(NINE + timedelta(days=14))) == 1, "a worker's form may wait on the phone so long"
    assert remove_drafts(stale_drafts(NINE + timedelta(days=14, minutes=1))) == 1
    assert list(Attachment.objects.all()) == [kept]
    assert not storage.exists(path)
    assert not storage.exists(thumb)


@pytest.mark.parametrize(
    ("who", "status"),
    [("worker", 200), ("command", 200), ("worker2", 404), ("outsider", 404), ("admin", 404)],
)
def test_a_file_is_seen_by_those_who_see_the_incident(world, client, who, status):
    kept = accept(world, files.photo())
    attach_drafts(KEY, incident=stages.report(world), actor=world.worker)
    client.force_login(getattr(world, who))
    for name in ("incidents:attachment", "incidents:thumb"):
        assert client.get(reverse(name, args=[kept.pk])).status_code == status


def test_a_waiting_file_is_seen_by_its_sender_alone(world, client):
    kept = accept(world, files.photo())
    url = reverse("incidents:attachment", args=[kept.pk])
    client.force_login(world.command)
    assert client.get(url).status_code == 404
    client.force_login(world.worker)
    assert client.get(url).status_code == 200


def test_without_a_login_there_is_no_file(world, client):
    kept = accept(world, files.photo())
    assert client.get(reverse("incidents:attachment", args=[kept.pk])).status_code == 302


def test_files_are_served_closed(world, client):
    client.force_login(world.worker)
    photo = client.get(accept(world, files.photo()).url)
    paper = client.get(accept(world, files.paper()).url)
    for answer in (photo, paper):
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in answer["Content-Security-Policy"]
        assert "private" in answer["Cache-Control"]
    assert photo["Content-Type"] == "image/jpeg"
    assert photo["Content-Disposition"].startswith("inline")
    assert paper["Content-Type"] == "application/pdf"
    assert paper["Content-Disposition"].startswith("attachment")


def test_photos_are_taken_in_while_one_still_types(world, client):
    client.force_login(world.worker)
    url = reverse("incidents:photos")
    answer = client.post(url, {"draft_key": KEY, "photos": files.photo()})
    kept = Attachment.objects.get()
    assert answer.status_code == 200
    assert kept.thumb_url in answer.text
    answer = client.post(url, {"draft_key": KEY, "photos": files.text_called_photo()})
    assert answer.status_code == 422
    assert "holiday.jpg" in answer.json()["error"]
    client.post(url, {"draft_key": KEY, "remove": kept.pk})
    assert not Attachment.objects.exists()


def test_photos_without_login_or_key_are_answered_clearly(world, client):
    url = reverse("incidents:photos")
    assert client.post(url, {"draft_key": KEY, "photos": files.photo()}).status_code == 401
    client.force_login(world.worker)
    assert client.post(url, {"draft_key": "nonsense", "photos": files.photo()}).status_code == 404


def test_the_nightly_task_removes_stale_files_and_beat_knows_it(world, monkeypatch):
    accept(world, files.photo())
    monkeypatch.setattr("clock.now", lambda: NINE + timedelta(days=15))
    assert remove_stale_drafts() == 1
    assert "incidents.tasks.remove_stale_drafts" in {entry["task"] for entry in app.conf.beat_schedule.values()}
