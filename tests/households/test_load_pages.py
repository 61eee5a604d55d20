"""The pages of a load, from the file to the register and back, as the register administrator of a street sees them."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import translation

import clock
from grids.models import Unit
from households.loading import runs, telling
from households.models import LayoutTemplate, RegisterLoad, Resident
from tests.households.homes import card
from tests.query_counts import query_count
from tests.world import World, post

LOADS = reverse("households:loads")
HEADERS = ("村社", "网格", "微网格", "家庭住址", "姓名", "公民身份号码", "与户主关系", "联系方式")
State = RegisterLoad.State


def people(count: int = 4, *, micro_grid: str = "1微网格") -> list[tuple[str, ...]]:
    """Households of two, one after the other, in the first micro-grid of the tests' street."""
    names = ("张建国", "李秀英", "王志强", "陈桂兰", "刘海燕", "杨文博")
    return [_person(number, names[number % 6], micro_grid) for number in range(count)]


def _person(number: int, name: str, micro_grid: str) -> tuple[str, ...]:
    door = ("高田王村", "1网格", micro_grid, f"新村三组{20 + number // 2}号")
    return (*door, name, card(f"{1960 + number}0101"), ("户主", "妻")[number % 2], f"138{number:08}")


def workbook(
    lines: list[tuple[str, ...]], headers: tuple[str, ...] = HEADERS, name: str = "台账.xlsx"
) -> SimpleUploadedFile:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("登记表")
        for number, line in enumerate([headers, *lines]):
            sheet.write_row(number, 0, line)
    return SimpleUploadedFile("台账.xlsx", out.getvalue())


@pytest.fixture
def page(client: Client, world: World) -> Client:
    client.force_login(world.register)
    return client


def at(load: RegisterLoad, name: str = "load", *more: str) -> str:
    return reverse(f"households:{name}", args=[load.key, *more])


def work(load: RegisterLoad) -> RegisterLoad:
    """What the loader does with it: nobody waits for it here."""
    load.refresh_from_db()
    {State.APPLYING: runs.apply, State.UNDOING: runs.take_back}.get(State(load.state), runs.read)(load.pk)
    load.refresh_from_db()
    return load


def send(page: Client, file: SimpleUploadedFile, scope: Unit) -> RegisterLoad:
    answer = page.post(LOADS, {"file": file, "scope": scope.code})
    load = RegisterLoad.objects.latest("pk")
    assert answer.url == at(load, "load_columns")
    return work(load)


def said(load: RegisterLoad) -> list[str]:
    with translation.override("en"):
        return telling.sentences_of(load)


def made(world: World, state: State, **facts: object) -> RegisterLoad:
    """A load that stands somewhere, without the work behind it."""
    given = {"made_by": world.register, "scope": world.street_a, "made_at": clock.now(), "size": 9, "digest": "d"}
    return RegisterLoad.objects.create(**{**given, "file_name": "村.xlsx", "state": state, **facts})


# -- Who, and the door ------------------------------------------------------------------------------------------------


def test_the_list_shows_loads_of_the_own_area_in_a_fixed_number_of_queries(page: Client, world: World) -> None:
    for number in range(3):
        made(world, State.APPLIED, file_name=f"村{number}.xlsx", counts={"rows": 217_000, "new": 5})
    other = post("far", "沈外街", "register_admin", world.street_b)
    made(world, State.READY, file_name="别处.xlsx", made_by=other, scope=world.street_b)

    with query_count("households:loads"):
        text = page.get(LOADS).text

    assert "217,000" in text
    assert "村2.xlsx" in text
    assert "别处.xlsx" not in text
    assert f'<option value="{world.street_a.code}" selected>' in text


def test_a_foreign_load_answers_like_a_missing_one(client: Client, world: World) -> None:
    load = made(world, State.READY)
    client.force_login(post("far", "沈外街", "register_admin", world.street_b))
    for name in ("load", "load_columns", "load_places", "load_progress", "load_errors", "load_apply", "load_undo"):
        assert client.get(at(load, name)).status_code == 404, name
    assert client.post(at(load, "load_decide")).status_code == 404

    client.force_login(world.worker)
    assert client.get(LOADS).status_code == 403


def test_what_is_wrong_with_the_file_stands_beside_it(page: Client, world: World) -> None:
    answer = page.post(LOADS, {"file": SimpleUploadedFile("空.xlsx", b""), "scope": world.street_a.code})

    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]
    assert not RegisterLoad.objects.exists()


def test_a_blank_workbook_of_the_own_street_can_be_fetched(page: Client, world: World) -> None:
    answer = page.get(reverse("households:load_template", args=[world.street_a.code]))

    assert b"".join(answer.streaming_content).startswith(b"PK")
    assert page.get(reverse("households:load_template", args=[world.street_b.code])).status_code == 404


def test_work_under_way_is_told_and_the_page_comes_back_when_it_is_over(page: Client, world: World) -> None:
    load = made(world, State.READING)
    assert at(load, "load_progress") in page.get(at(load)).text
    with query_count("households:load_progress"):
        assert "HX-Refresh" not in page.get(at(load, "load_progress"), headers={"HX-Request": "true"}).headers

    assert page.post(at(load, "load_columns")).url == at(load), "a page that was posted can't load again by itself"

    RegisterLoad.objects.update(state=State.REFUSED, refusal="文件设有密码。")
    assert page.get(at(load, "load_progress")).headers["HX-Refresh"] == "true"
    assert "文件设有密码。" in page.get(at(load)).text


# -- The whole way ----------------------------------------------------------------------------------------------------


def test_a_column_is_corrected_and_the_correction_is_kept(page: Client, world: World) -> None:
    odd = (*HEADERS[:7], "代号")
    load = send(page, workbook(people(), odd), world.street_a)
    columns = at(load, "load_columns")
    with query_count("households:load_columns"):
        assert "公民身份号码" in page.get(columns).text
    said = {"shape": load.plan["sheets"][0]["shape"]}

    twice = page.post(columns, said | {"column-7": "name"})
    assert twice.status_code == 422

    answer = page.post(columns, said | {"column-7": "note"})
    assert answer.url == at(load)
    assert work(load).state == State.READY
    assert load.plan["sheets"][0]["columns"][7]["field"] == "note"
    assert LayoutTemplate.objects.count() == 1
    assert 'data-tone="set"' in page.get(columns).text


def test_nothing_corrected_leads_on_without_reading_again(page: Client, world: World) -> None:
    load = send(page, workbook(people()), world.street_a)

    answer = page.post(at(load, "load_columns"), {"shape": load.plan["sheets"][0]["shape"]})

    assert answer.url == at(load)
    load.refresh_from_db()
    assert load.state == State.READY


def test_a_correction_sent_after_the_session_ended_is_kept_for_its_user(page: Client, world: World) -> None:
    load = send(page, workbook(people()), world.street_a)
    said = {"shape": load.plan["sheets"][0]["shape"], "column-7": "note", "form_owner": world.register.pk}
    page.logout()
    assert page.post(at(load, "load_columns"), said).status_code == 302

    page.force_login(world.register)

    assert '<option value="note" selected>' in page.get(at(load, "load_columns")).text


def test_an_unknown_place_is_asked_for_and_said(page: Client, world: World) -> None:
    load = send(page, workbook(people(micro_grid="老街东段")), world.street_a)
    places = at(load, "load_places")
    index = load.places.get().index
    with query_count("households:load_places"):
        assert "老街东段" in page.get(places).text
    assert f'<input type="checkbox" name="add-{index}"' in page.get(places).text

    wrong = page.post(places, {f"unit-{index}": "微网格"})
    assert wrong.status_code == 422

    page.post(places, {f"unit-{index}": world.micro_2.full_name})
    assert work(load).counts["new"] == 4
    assert load.places.get().unit == world.micro_2


def test_a_file_goes_into_the_register_and_out_again(page: Client, world: World) -> None:
    load = send(
        page, workbook([*people(), (*people(6)[4][:4], "刘海燕", "33020619900230001X", "户主", "")]), world.street_a
    )
    with query_count("households:load"):
        page.get(at(load))
    assert "Adds 4 residents and 2 new households to 大碶街道." in said(load)
    assert "张建国" in page.get(at(load, "load_rows", "new")).text
    with query_count("households:load_rows"):
        assert "刘海燕" in page.get(at(load, "load_rows", "refused")).text
    errors = page.get(at(load, "load_errors"))
    assert b"".join(errors.streaming_content).startswith(b"PK")

    assert page.get(at(load, "load_apply")).status_code == 200
    page.post(at(load, "load_apply"))
    assert work(load).state == State.APPLIED
    assert Resident.objects.count() == 4
    assert at(load, "load_undo") in page.get(at(load)).text
    assert at(load, "load_rows", "refused") in page.get(at(load)).text
    assert page.get(at(load, "load_rows", "new")).status_code == 404

    page.post(at(load, "load_undo"))
    assert work(load).state == State.UNDONE
    assert not Resident.objects.exists()
    assert page.get(at(load)).status_code == 200


def test_who_is_gone_is_asked_never_assumed(page: Client, world: World) -> None:
    page.post(at(send(page, workbook(people(6)), world.street_a), "load_apply"))
    work(RegisterLoad.objects.get())
    load = send(page, workbook(people(4)), world.street_a)

    assert "Keeps 2 residents who aren't in the file." in said(load)
    page.post(at(load, "load_decide"), {"gone": "move_out"})
    load.refresh_from_db()
    assert "Enters 2 residents who aren't in the file as moved out." in said(load)
    assert "刘海燕" in page.get(at(load, "load_rows", "gone")).text


def test_a_discarded_load_says_so(page: Client, world: World) -> None:
    load = send(page, workbook(people()), world.street_a)
    assert page.get(at(load, "load_discard")).status_code == 200

    page.post(at(load, "load_discard"))

    load.refresh_from_db()
    assert load.state == State.DISCARDED
    assert LOADS in page.get(at(load)).text
    assert page.get(at(load, "load_columns")).url == at(load)
