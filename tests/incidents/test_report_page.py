"""The report page: what is typed arrives once, and nothing that was typed is lost."""

import uuid

import pytest
from django.urls import reverse

from dispatch.limits import load_default_rules
from incidents.models import Attachment, Incident, Result, Source
from incidents.workflow import Status
from tests.incidents import files, stages

URL = "/incidents/report/"


@pytest.fixture
def kinds(world):
    """A common kind of level 1, and one of level 2."""
    common = stages.category(world, 1)
    common.is_common = True
    common.save(update_fields=["is_common"])
    return {1: common, 2: stages.category(world, 2)}


@pytest.fixture
def typed(world, kinds):
    """A report as the worker's browser sends it."""
    return {
        "form_owner": world.worker.pk,
        "client_uuid": str(uuid.uuid4()),
        "common": kinds[1].code,
        "area": world.community_1.pk,
        "unit": world.micro_1.pk,
        "place_note": "2幢1单元门口",
        "description": "垃圾桶满了，散在路边。",
    }


@pytest.fixture
def worker(world, client):
    client.force_login(world.worker)
    return client


def test_a_worker_finds_their_own_grid_chosen_and_nothing_of_the_neighbours(world, worker, kinds):
    form = worker.get(URL).context["form"]
    assert form["area"].value() == world.community_1.pk
    assert form["unit"].value() == world.grid_1.pk
    offered = {unit.pk for unit in form.fields["unit"].queryset}
    assert offered == {world.grid_1.pk, world.micro_1.pk, world.micro_2.pk}
    assert "source" not in form.fields


def test_a_report_leads_to_the_incident_with_number_level_limit_and_holder(world, worker, typed):
    load_default_rules()
    answer = worker.post(URL, typed, follow=True)
    incident = Incident.objects.get()
    assert answer.redirect_chain == [(f"/incidents/{incident.number}/?sent=1", 302)]
    assert (incident.unit, incident.place_note) == (world.micro_1, "2幢1单元门口")
    assert (incident.source, incident.level) == (Source.WORKER, 1)
    assert incident.number in answer.text
    assert answer.context["is_sent"]
    assert answer.context["due"] is not None


def test_a_double_click_gives_the_same_incident_and_the_same_page(worker, typed):
    first, second = worker.post(URL, typed), worker.post(URL, typed)
    assert first.url == second.url
    assert Incident.objects.count() == 1


def test_another_matter_in_a_form_sent_before_is_asked_about_and_kept(worker, typed):
    worker.post(URL, typed)
    other = typed | {"description": "路灯也不亮。"}
    answer = worker.post(URL, other)
    assert answer.status_code == 200
    form = answer.context["form"]
    assert form["description"].value() == "路灯也不亮。"
    assert str(form["client_uuid"].value()) != typed["client_uuid"]
    worker.post(URL, other | {"client_uuid": form["client_uuid"].value()})
    assert Incident.objects.count() == 2


def test_handled_on_the_spot_is_reported_and_closed_in_one_act(worker, typed):
    worker.post(URL, typed | {"on_the_spot": "on", "measures": "已通知保洁清走。"})
    incident = Incident.objects.get()
    assert incident.status == Status.CLOSED
    assert Result.objects.get().measures == "已通知保洁清走。"


def test_on_the_spot_asks_what_was_done(worker, typed):
    answer = worker.post(URL, typed | {"on_the_spot": "on"})
    assert answer.status_code == 422
    assert answer.context["form"].has_error("measures")
    assert not Incident.objects.exists()


def test_a_larger_matter_is_not_closed_on_the_spot_and_not_half_reported(worker, typed, kinds):
    answer = worker.post(
        URL, typed | {"common": "", "category": kinds[2].code, "on_the_spot": "on", "measures": "已处理"}
    )
    assert answer.context["form"].has_error("on_the_spot")
    assert not Incident.objects.exists()


def test_the_list_counts_when_a_tile_is_chosen_as_well(worker, typed, kinds):
    worker.post(URL, typed | {"category": kinds[2].code})
    assert Incident.objects.get().category == kinds[2]


def test_errors_stand_beside_their_fields_and_what_was_typed_stays(worker, typed):
    answer = worker.post(URL, typed | {"common": "", "description": ""})
    form = answer.context["form"]
    assert answer.status_code == 422
    assert form.has_error("common")
    assert form.has_error("description")
    assert form["place_note"].value() == "2幢1单元门口"
    assert form["client_uuid"].value() == typed["client_uuid"]


def test_a_description_of_10000_characters_is_kept_and_told_how_much_to_cut(worker, typed):
    answer = worker.post(URL, typed | {"description": "长" * 10_000})
    form = answer.context["form"]
    assert "8000" in form.errors["description"][0]
    assert form["description"].value() == "长" * 10_000
    assert "maxlength" not in str(form["description"])


def test_control_characters_are_dropped_and_the_rest_arrives(worker, typed):
    worker.post(URL, typed | {"description": "路灯\x00不\u202e亮\x07"})
    assert Incident.objects.get().description == "路灯不亮"


def test_photos_go_along_with_the_form(worker, typed):
    worker.post(URL, typed | {"photos": [files.photo(), files.photo(size=(9, 9))], "camera": files.paper()})
    assert Incident.objects.get().attachments.count() == 3


def test_photos_already_taken_in_are_kept_when_something_else_is_wrong(worker, typed):
    wrong = typed | {"description": "", "photos": [files.photo(), files.text_called_photo()]}
    answer = worker.post(URL, wrong)
    assert "holiday.jpg" in answer.context["form"].errors["photos"][0]
    kept = Attachment.objects.get()
    assert kept.thumb_url in answer.text
    worker.post(URL, typed)
    assert list(Incident.objects.get().attachments.all()) == [kept]


def test_a_photo_of_30_mb_is_answered_and_the_rest_of_the_form_is_kept(worker, typed):
    answer = worker.post(URL, typed | {"photos": files.large(30)})
    assert answer.status_code == 422
    assert "large.jpg" in answer.context["form"].errors["photos"][0]
    assert answer.context["form"]["description"].value() == typed["description"]


def test_without_a_script_a_photo_is_taken_away_and_nothing_is_judged(worker, typed):
    worker.post(URL, typed | {"description": "", "photos": files.photo()})
    kept = Attachment.objects.get()
    answer = worker.post(URL, typed | {"description": "", "remove_photo": kept.pk})
    assert answer.status_code == 200
    assert not answer.context["form"].errors
    assert not Attachment.objects.exists()
    assert answer.context["form"]["place_note"].value() == "2幢1单元门口"


def test_the_command_room_chooses_the_community_then_the_grid_and_says_who_told(world, client, typed):
    client.force_login(world.command)
    assert not client.get(URL).context["form"].has_places
    grids = client.get(reverse("incidents:places"), {"area": world.community_2.pk})
    assert str(world.grid_3.pk) in grids.text
    shown = client.post(URL, typed | {"area": world.community_2.pk, "unit": "", "show_places": "1"})
    assert shown.context["form"].has_places
    assert not shown.context["form"].errors
    client.post(URL, typed | {"area": world.community_2.pk, "unit": "", "source": Source.HOTLINE})
    incident = Incident.objects.get()
    assert (incident.unit, incident.source) == (world.community_2, Source.HOTLINE)


def test_the_photos_of_another_matter_wait_for_it_and_dont_go_to_the_one_sent_before(worker, typed):
    worker.post(URL, typed)
    first = Incident.objects.get()
    for words in ("路灯不亮。", ""):
        page = worker.post(URL, typed | {"description": words, "photos": files.photo()})
        assert page.context["form"].draft_key != first.client_uuid
        assert len(page.context["drafts"]) == 1
    assert not first.attachments.exists()
    worker.post(URL, typed | {"photos": files.photo()})
    assert first.attachments.count() == 1


def test_a_grid_of_another_community_is_asked_again(world, client, typed):
    client.force_login(world.command)
    answer = client.post(URL, typed | {"area": world.community_2.pk, "source": Source.COMMAND})
    assert answer.context["form"].has_error("unit")
    assert not Incident.objects.exists()


def test_a_place_outside_the_own_area_is_no_choice(world, worker, typed):
    answer = worker.post(URL, typed | {"unit": world.micro_3.pk})
    assert answer.context["form"].has_error("unit")
    assert not Incident.objects.exists()


def test_a_form_of_somebody_else_is_forbidden(world, client, worker, typed):
    worker.post(URL, typed)
    client.force_login(world.command)
    shown = {"alike_shown": Incident.objects.get().number}
    assert client.post(URL, typed | {"source": Source.COMMAND} | shown).status_code == 403
    assert Incident.objects.count() == 1


def test_who_may_not_report_is_told_so(world, client):
    client.force_login(world.department)
    assert client.get(URL).status_code == 403


def test_a_broken_form_id_is_answered_beside_the_form(worker, typed):
    assert worker.post(URL, typed | {"client_uuid": "nonsense"}).status_code == 422
    assert not Incident.objects.exists()
