"""The tags that every page is built with."""

from datetime import UTC, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from accounts.templatetags import ui

NOW = datetime(2026, 11, 22, 7, 42, tzinfo=UTC)  # 15:42 in Shanghai


@pytest.fixture(autouse=True)
def _stopped_clock_in_english(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ui, "now", lambda: NOW)
    with translation.override("en"):
        yield


def render(text: str, **values: object) -> str:
    return Template("{% load ui %}" + text).render(Context(values))


def test_an_icon_is_decoration_unless_it_has_a_label() -> None:
    assert 'aria-hidden="true"' in render('{% icon "clock" %}')
    assert "icons.svg#clock" in render('{% icon "clock" %}')
    labelled = render('{% icon "clock" "large" label=word %}', word='a "word"')
    assert 'class="icon icon-large"' in labelled
    assert 'role="img" aria-label="a &quot;word&quot;"' in labelled


@pytest.mark.parametrize("code", ["reported", "in_progress", "closed", "void", "overdue", "never heard of"])
def test_a_status_says_its_word_beside_a_sign(code: str) -> None:
    shown = render("{% status code label %}", code=code, label="The <word>")
    assert f'data-status="{code}"' in shown
    assert "The &lt;word&gt;" in shown
    assert "<svg" in shown


@pytest.mark.parametrize(
    ("values", "state", "words"),
    [
        ({"due": NOW + timedelta(hours=3)}, "running", "3 h 00 min left"),
        ({"due": NOW + timedelta(minutes=18)}, "soon", "18 min left"),
        ({"due": NOW - timedelta(minutes=12)}, "overdue", "overdue 12 min"),
        ({"due": NOW, "paused": True}, "paused", "clock stopped"),
        ({"due": NOW, "met": NOW}, "met", "in time"),
        ({"due": NOW, "met": NOW + timedelta(minutes=30)}, "late", "30 min late"),
        ({"due": None}, "none", "no limit"),
    ],
)
def test_a_clock_says_how_a_limit_stands(values: dict[str, object], state: str, words: str) -> None:
    shown = render("{% clock due met paused=paused %}", **{"met": None, "paused": False, **values})
    assert f'data-state="{state}"' in shown
    assert words in shown


def test_a_clock_gives_the_exact_time_on_hover() -> None:
    assert 'title="due 2026-11-22 15:42"' in render("{% clock due %}", due=NOW)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (NOW, ">15:42<"),
        (NOW - timedelta(days=1), ">11-21 15:42<"),
        (NOW - timedelta(days=400), ">2025-10-18 15:42<"),
        (datetime(2026, 11, 21, 15, 59, tzinfo=UTC), ">11-21 23:59<"),
        (datetime(2026, 11, 21, 16, 0, tzinfo=UTC), ">00:00<"),
    ],
)
def test_a_moment_is_as_short_as_the_day_allows(at: datetime, words: str) -> None:
    assert words in render("{{ at|moment }}", at=at)


def test_filters_say_nothing_of_nothing() -> None:
    assert render("{{ at|moment }}{{ at|ago }}{{ at|time_left }}", at=None) == ""


def test_only_the_link_of_the_page_shown_is_current() -> None:
    request = RequestFactory().get("/")
    request.resolver_match = type("Match", (), {"view_name": "incidents:queue"})()
    assert render('{% active "incidents:queue" %}', request=request) == 'aria-current="page"'
    assert render('{% active "incidents:board" %}', request=request) == ""
    assert render('{% active "incidents:queue" %}') == ""


class Sample(forms.Form):
    place = forms.CharField(label="Place", help_text="As people say it.")
    kind = forms.ChoiceField(label="Kind", widget=forms.RadioSelect, choices=[("a", "A"), ("b", "B")])
    agreed = forms.BooleanField(label="Agreed", required=False)


def test_a_refused_form_keeps_what_was_typed_and_says_beside_the_field_what_is_wrong() -> None:
    shown = str(Sample({"place": "", "kind": "b"}))
    assert '<p class="error" id="id_place_error">' in shown
    assert 'aria-describedby="id_place_helptext id_place_error"' in shown
    assert '<a href="#id_place">Place</a>: This field is required.' in shown
    assert 'value="b"' in shown
    assert "checked" in shown


def test_a_fresh_form_marks_what_is_required_and_shows_no_error() -> None:
    shown = str(Sample())
    assert shown.count('<span class="required">required</span>') == 2
    assert "summary" not in shown
    assert '<fieldset class="field">' in shown


def test_tiles_take_their_icons_from_the_page() -> None:
    shown = render('{% include "components/_tiles.html" with field=form.kind %}', form=Sample(), icons={"a": "bulb"})
    assert shown.count('class="tile"') == 2
    assert shown.count("icons.svg#bulb") == 1


def test_a_message_names_the_draft_that_is_done() -> None:
    message = type(
        "Message", (), {"level_tag": "success", "extra_tags": "draft:report", "__str__": lambda _: "Sent."}
    )()
    shown = render('{% include "components/_messages.html" %}', messages=[message])
    assert 'data-draft-done="report"' in shown
    assert 'data-tone="success"' in shown
