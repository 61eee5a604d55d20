"""The dictionary's versions, the nightly training, what is suggested in the queue, and what people made of it."""

import csv
from io import BytesIO, StringIO

import openpyxl
import pytest
from celery import current_app
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.urls import reverse

from accounts.errors import Refused
from incidents import services
from incidents.models import Category, Incident
from incidents.services import Draft
from tagging.hints import hint_for, hint_waiting, renew_hints
from tagging.learning import confirmed, train_if_news, train_on_own
from tagging.models import DictionaryVersion, Hint, Suggestion, Tagger, Word
from tagging.resources import WordResource
from tagging.suggesting import suggest
from tagging.words import Edit, current_version, current_words, dictionary_of, load_words
from tests.incidents import stages
from tests.incidents.stages import HOUR, MINUTE, NINE
from tests.world import BEGAN_AT, World

LAMP, DRAIN = "020101", "020204"
SAYINGS = {
    LAMP: ("路灯又灭了", "晚上灯坏了很黑", "这盏灯一闪一闪"),
    DRAIN: ("下水道堵了", "污水漫到路上", "化粪池满了"),
}


@pytest.fixture
def kinds(world: World) -> dict[str, Category]:
    rows = ((LAMP, "路灯不亮", 2, world.enforcement), (DRAIN, "污水外溢", 1, world.police))
    return {
        code: Category.objects.create(code=code, name=name, level=level, lead=lead, started_at=BEGAN_AT)
        for code, name, level, lead in rows
    }


@pytest.fixture
def words(kinds) -> None:
    load_words(at=BEGAN_AT)


def report(world: World, category: Category, text: str, at=NINE) -> Incident:
    return services.report_incident(
        Draft(unit=world.micro_1, category=category, description=text), actor=world.command, at=at
    )


def close(world: World, incident: Incident) -> Incident:
    at = incident.reported_at
    services.dispatch(incident, actor=world.command, lead=world.enforcement, at=at + MINUTE)
    services.sign(incident, actor=world.department, at=at + 2 * MINUTE)
    services.handle(incident, actor=world.department, measures="已修好。", at=at + 3 * MINUTE)
    return services.verify(incident, actor=world.verifier, at=at + 4 * MINUTE)


def edit(code: str, text: str, weight: int) -> Word:
    with transaction.atomic():
        return Edit(actor=None, at=NINE).set_word(code, text, weight)


# -- the dictionary ----------------------------------------------------------------------------------------------
def test_an_edit_makes_a_version_and_what_was_stays_readable(words) -> None:
    first = current_version()
    assert load_words() == 0  # it belongs to the administrators now
    old = current_words().get(category_code=LAMP, text="路灯")
    edit(LAMP, " 路灯 ", 1)
    edit(LAMP, "路灯", 1)  # the same again is nothing

    second = current_version()
    assert (first.number, second.number, DictionaryVersion.objects.count()) == (1, 2, 2)
    assert Word.objects.get(pk=old.pk).until == second
    assert [entry.weight for entry in dictionary_of(first.pk).found("路灯", LAMP)] == [3]
    assert [entry.weight for entry in dictionary_of(second.pk).found("路灯", LAMP)] == [1]
    for code, text, weight, field in (
        (LAMP, "  ", 1, "text"),
        (LAMP, "灯", 4, "weight"),
        ("99", "灯", 1, "category_code"),
    ):
        with pytest.raises(Refused) as refusal:
            edit(code, text, weight)
        assert refusal.value.field == field


def test_a_file_is_one_version_and_a_weight_of_0_takes_a_word_out(words) -> None:
    sheet = WordResource().export()
    lamp = current_words().filter(category_code=LAMP).count()
    rows = [row for row in sheet.dict if row["词语"] in {"路灯", "太黑", "下水道"}]
    rows[0]["权重"], rows[1]["权重"] = "1", "0"
    out = StringIO()
    writer = csv.DictWriter(out, list(rows[0]))
    writer.writeheader()
    writer.writerows([*rows, {"类别编码": LAMP, "词语": "灯泡", "权重": "2"}])
    sheet = sheet.load(out.getvalue(), format="csv")

    result = WordResource().import_data(sheet, raise_errors=True)

    assert not result.has_errors()
    assert current_version().number == 2
    assert current_words().filter(category_code=LAMP).count() == lamp  # one more, one less
    assert current_words().get(text="灯泡").since.number == 2


def test_the_dictionary_is_edited_in_the_configuration(world: World, words, client) -> None:
    client.force_login(world.admin)
    word = current_words().get(category_code=LAMP, text="路灯")
    pages = [reverse(f"admin:tagging_word_{page}") for page in ("changelist", "add", "import", "export")]
    page = reverse("admin:tagging_word_change", args=[word.pk])
    assert [client.get(each).status_code for each in (*pages, page)] == [200] * 5

    assert client.post(page, {"weight": 1}).status_code == 302
    assert client.post(pages[1], {"category_code": LAMP, "text": "灯泡", "weight": 2}).status_code == 302
    assert client.post(pages[1], {"category_code": "99", "text": "灯泡", "weight": 2}).status_code == 200

    assert current_version().number == 3
    assert current_words().get(category_code=LAMP, text="路灯").weight == 1


# -- suggestions -------------------------------------------------------------------------------------------------
def test_a_text_is_read_for_a_place(world: World, words) -> None:
    said = suggest("路灯不亮", world.micro_1, at=NINE)

    assert (said.category.code, said.level, said.lead, said.is_sure) == (LAMP, 2, world.enforcement, True)
    assert said.words == ("路灯不亮",)
    assert suggest("谢谢", world.micro_1, at=NINE) is None


def test_the_panel_suggests_and_one_press_takes_it_over(world: World, kinds, words, client) -> None:
    incident = report(world, kinds[DRAIN], "村口的路灯不亮，晚上太黑")
    client.force_login(world.command)
    panel = client.get(reverse("dispatch:queue_panel", args=[incident.number])).text

    assert "路灯不亮" in panel
    assert f'name="category" value="{LAMP}"' in panel
    edit(LAMP, "路灯不亮", 1)
    kept = Suggestion.objects.get(incident=incident)
    assert (kept.dictionary.number, kept.words, kept.chosen) == (1, ["路灯不亮", "太黑"], None)

    client.post(reverse("incidents:act", args=[incident.number, "triage"]), {"category": LAMP, "level": 2})

    incident.refresh_from_db()
    kept.refresh_from_db()
    assert (incident.category, incident.level, kept.chosen) == (kinds[LAMP], 2, kinds[LAMP])
    assert f'value="{LAMP}"><input' not in client.get(reverse("dispatch:queue_panel", args=[incident.number])).text


def test_a_decision_against_it_is_noted_and_a_rule_decides_nothing(world: World, kinds, words) -> None:
    incident = report(world, kinds[DRAIN], "路灯不亮")
    said = hint_for(incident, at=NINE).suggestion
    services.dispatch(incident, actor=None, lead=world.police, rule="自动", at=NINE + MINUTE)
    assert Suggestion.objects.get(pk=said.pk).chosen is None
    other = report(world, kinds[DRAIN], "路灯不亮了")
    said = hint_for(other, at=NINE).suggestion
    services.dispatch(other, actor=world.command, lead=world.police, at=NINE + MINUTE)
    assert Suggestion.objects.get(pk=said.pk).chosen == kinds[DRAIN]


def test_each_report_is_read_once_and_the_queue_shows_it_without_asking(
    world: World, kinds, words, client, django_assert_num_queries
) -> None:
    texts = ("村口的路灯不亮，晚上太黑", "污水漫到路上", "谢谢你们")
    lamp, drain, thanks = (report(world, kinds[DRAIN], text) for text in texts)
    assert hint_waiting(at=NINE) == 3
    client.force_login(world.command)
    page = client.get(reverse("dispatch:queue"))

    assert "<b>路灯不亮</b>" in page.text  # another kind than it was reported under, and the words that matched
    assert "路灯不亮、太黑" in page.text
    assert Hint.objects.get(pk=lamp.pk).lead == world.enforcement
    assert Hint.objects.get(pk=thanks.pk).suggestion is None
    assert hint_waiting(at=NINE) == 0  # what says nothing is not read again either

    edit(LAMP, "灯泡", 2)  # another version: what waits is read again, what was decided stays as it was decided
    services.dispatch(drain, actor=world.command, lead=world.police, at=NINE + MINUTE)
    assert hint_waiting(at=NINE + HOUR) == 2
    assert {hint.dictionary.number for hint in Hint.objects.filter(pk__in=(lamp.pk, thanks.pk))} == {2}
    assert Hint.objects.get(pk=drain.pk).suggestion.chosen == kinds[DRAIN]

    services.void(thanks, actor=world.command, note="误报", at=NINE + HOUR)
    world.enforcement.is_active = False
    world.enforcement.save()
    with django_assert_num_queries(12):  # as many for one as for two hundred
        assert renew_hints(at=NINE + HOUR) == 1
    assert {hint.pk: hint.lead for hint in Hint.objects.all()} == {lamp.pk: None, drain.pk: world.police}


def test_many_reports_ask_a_worker_once(world: World, kinds, words, monkeypatch, django_capture_on_commit_callbacks):
    asked: list[str] = []
    monkeypatch.setattr(current_app, "send_task", lambda name, *args, **options: asked.append(name))
    with django_capture_on_commit_callbacks(execute=True):
        report(world, kinds[LAMP], "路灯不亮")
        report(world, kinds[LAMP], "路灯坏了")
    assert asked.count("tagging.tasks.hint_waiting") == 1
    hint_waiting(at=NINE)  # from here on the next report asks again
    with django_capture_on_commit_callbacks(execute=True):
        report(world, kinds[LAMP], "路灯又坏了")
    assert asked.count("tagging.tasks.hint_waiting") == 2


# -- training ----------------------------------------------------------------------------------------------------
def test_it_learns_at_night_from_what_people_stand_by(world: World, kinds, words, client) -> None:
    for code, sayings in SAYINGS.items():
        for number, text in enumerate(sayings):
            close(world, report(world, kinds[code], f"高田王村{text}", at=NINE + number * HOUR))
    services.void(report(world, kinds[LAMP], "误报"), actor=world.command, note="误报", at=NINE + HOUR)
    report(world, kinds[LAMP], "还没办结")
    assert confirmed().count() == 6

    tagger = train_if_news(at=NINE + 9 * HOUR)

    assert (tagger.in_use, tagger.dictionary) == (True, current_version())
    assert train_if_news(at=NINE + 10 * HOUR) is None  # no news
    said = hint_for(report(world, kinds[LAMP], "高田王村的下水道堵了"), at=NINE + 9 * HOUR).suggestion
    assert (said.category, said.tagger) == (kinds[DRAIN], tagger)
    edit(LAMP, "灯泡", 2)
    client.force_login(world.admin)
    assert client.get(reverse("tagging:card")).context["card"].is_behind
    assert train_if_news(at=NINE + 11 * HOUR) is not None
    book = openpyxl.load_workbook(BytesIO(client.get(reverse("tagging:card_file")).content))
    assert [sheet.max_row for sheet in book][::3] == [3 + 2, 3 + 2]  # both kinds; both trainings

    for who, status in (("command", 200), ("admin", 200), ("worker", 403)):
        client.force_login(getattr(world, who))
        assert {client.get(reverse(f"tagging:{page}")).status_code for page in ("card", "card_file")} == {status}


def test_without_anything_to_learn_from_nothing_is_trained(world: World, client) -> None:
    assert train_on_own() is None
    with pytest.raises(CommandError):
        call_command("train_tagger")
    client.force_login(world.command)
    assert client.get(reverse("tagging:card")).status_code == 200
    incident = stages.report(world)
    assert client.get(reverse("dispatch:queue_panel", args=[incident.number])).status_code == 200
    assert not Suggestion.objects.exists()
    assert not Tagger.objects.exists()


def test_a_file_of_letters_is_tried_and_nothing_is_kept(db, tmp_path) -> None:
    path = tmp_path / "letters.csv"
    rows = [f"{text}，第{n}次,{code}" for code, texts in SAYINGS.items() for n in range(20) for text in texts]
    path.write_bytes("\n".join(["text,label", *rows]).encode("gb18030"))
    out = StringIO()

    call_command("train_tagger", csv=path, text=["text"], label="label", report=True, stdout=out)

    assert "macro-F1: 1.0000" in out.getvalue()
    assert LAMP in out.getvalue()
    assert not Tagger.objects.exists()
    with pytest.raises(CommandError, match="No such column: nonsense"):
        call_command("train_tagger", csv=path, text=["nonsense"], label="label")
