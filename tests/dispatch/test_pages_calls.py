"""The pages of supervision items and whistles: who gets in, what is offered to whom, and what one press does."""

import io

import openpyxl
import pytest
from django.urls import reverse

from dispatch import supervising, whistling
from dispatch.models import Supervision, Whistle
from tests.dispatch import test_supervising, test_whistling
from tests.dispatch.moments import friday, saturday
from tests.incidents import stages
from tests.query_counts import query_count


@pytest.fixture
def town(world, stop_clock):
    stop_clock(friday("10:00"))
    return test_supervising.start(world)


def as_(client, user):
    client.force_login(user)
    return client


def act(item, name):
    page = "dispatch:supervision_act" if isinstance(item, Supervision) else "dispatch:whistle_act"
    return reverse(page, args=[item.number, name])


def page_of(item):
    return reverse(
        "dispatch:supervision_item" if isinstance(item, Supervision) else "dispatch:whistle", args=[item.number]
    )


def test_an_item_goes_from_the_form_to_rectified_by_three_people(town, client):
    form = reverse("dispatch:supervision_new")
    assert as_(client, town.worker).get(form).status_code == 403
    assert as_(client, town.command).get(form, {"unit": town.grid_1.code}).context["form"]["target"].value() == (
        town.grid_1.code
    )
    kind = str(test_supervising.SupervisionType.objects.get(code="stalls").pk)
    sent = {"target": "enforcement", "issue_type": kind, "source": "patrol", "demand": "", "due_at": ""}
    assert client.post(form, sent).status_code == 422
    answer = client.post(form, sent | {"demand": "流动摊贩占道"}, follow=True)
    item = Supervision.objects.get()
    assert answer.redirect_chain[-1][0] == page_of(item)

    assert item.number in as_(client, town.department).get(reverse("dispatch:tasks")).text
    assert act(item, "rectify") in client.get(page_of(item)).text
    assert client.post(act(item, "confirm"), {"note": ""}).status_code == 403
    client.post(act(item, "rectify"), {"note": "已劝离"})
    as_(client, town.command)
    assert act(item, "confirm") in client.get(page_of(item)).text
    assert client.post(act(item, "reject"), {"note": " "}).status_code == 422
    assert client.post(act(item, "confirm"), {"note": ""}).status_code == 302
    assert "100.00 %" in client.get(reverse("dispatch:supervision")).text


def test_a_foreign_item_and_whistle_are_not_there(town, client):
    item, whistle = test_supervising.issue(town), test_whistling.call(town)
    as_(client, town.police_officer)
    for url in (page_of(item), page_of(whistle)):
        assert client.get(url).status_code == 404
    for url in (act(item, "rectify"), act(whistle, "sign")):
        assert client.post(url, {"note": "x"}).status_code == 404


def test_an_overdue_incident_is_supervised_and_whistled_about_from_its_page(town, client, stop_clock):
    incident = stages.in_progress(town)
    press = reverse("dispatch:supervise_incident", args=[incident.number])
    own = reverse("incidents:incident", args=[incident.number])
    as_(client, town.command)
    assert press not in client.get(own).text
    stop_clock(saturday("09:00"))
    as_(client, town.command)  # the session of Friday's shift is over
    for page in (own, reverse("dispatch:queue_panel", args=[incident.number])):
        assert press in client.get(page).text

    assert client.post(press).url == page_of(Supervision.objects.get())

    assert press not in client.get(own).text
    assert Supervision.objects.get().number in client.get(own).text
    form = reverse("dispatch:whistle_new") + f"?incident={incident.number}"
    assert client.get(form).context["form"]["unit"].value() == town.grid_1.code
    sent = {"unit": town.grid_1.code, "grade": "3", "departments": ["police"], "matter": "久拖不办"}
    client.post(form, sent)
    assert Whistle.objects.get().incident == incident
    assert Whistle.objects.get().number in client.get(own).text


def test_a_department_answers_a_whistle_press_by_press_and_the_caller_rates(town, client):
    whistle = test_whistling.call(town)
    party = whistle.parties.get()
    as_(client, town.department)
    assert whistle.number in client.get(reverse("dispatch:tasks")).text
    for name, words in (("sign", {}), ("contact", {}), ("arrive", {}), ("finish", {"note": "已拆除"})):
        assert act(whistle, name) in client.get(page_of(whistle)).text, name
        assert client.post(act(whistle, name), {"party": party.pk, **words}).status_code == 302, name
    assert act(whistle, "rate") not in client.get(page_of(whistle)).text
    as_(client, town.command)
    assert 'type="radio" name="rating"' in client.get(page_of(whistle)).text
    assert client.post(act(whistle, "rate"), {"party": party.pk, "rating": "1"}).status_code == 422
    client.post(act(whistle, "rate"), {"party": party.pk, "rating": "5"})
    assert client.post(act(whistle, "close"), {}).status_code == 302
    whistle.refresh_from_db()
    assert whistle.state == "closed"
    assert client.post(act(whistle, "sign"), {"party": "999999"}).status_code == 404
    assert town.enforcement.name in client.get(reverse("dispatch:whistles")).text


def test_badges_and_today_show_what_is_owed(town, client):
    item = test_supervising.issue(town, target=town.grid_1)
    assert item.number in as_(client, town.worker).get(reverse("dispatch:today")).text
    assert item.number not in as_(client, town.worker2).get(reverse("dispatch:today")).text
    supervising.rectify(item, actor=town.worker, note="已劝离", at=friday("10:00"))
    badges = {row["url"]: row["badge"] for row in as_(client, town.leader).get("/inbox/").context["nav_items"]}
    assert badges[reverse("dispatch:supervision")] == 1


def test_the_list_goes_out_as_a_workbook_that_cannot_run(town, client):
    test_supervising.issue(town, demand="=1+1")
    as_(client, town.command)
    answer = client.get(reverse("dispatch:supervision_file"), {"issue_type": "side-gate"})
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[1][5] == "=1+1"
    assert book.worksheets[0]["F2"].data_type == "s"
    assert book.worksheets[1]["D2"].value == "0.00 %"
    assert client.get(reverse("dispatch:supervision_file"), {"issue_type": "stalls"}).content != answer.content


@pytest.mark.parametrize("page", ["dispatch:supervision", "dispatch:whistles"])
def test_lists_ask_a_fixed_number_of_queries(town, client, page):
    for number in range(2):
        test_supervising.issue(town, demand=f"{number}")
        whistle = test_whistling.call(town, matter=f"{number}", departments=[town.enforcement, town.police])
        whistling.sign(whistle.parties.first(), actor=town.department, at=friday("09:30"))
    as_(client, town.command)
    with query_count(page):
        assert client.get(reverse(page), {"state": "all"}).status_code == 200
