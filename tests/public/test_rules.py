"""Codes, promises, words and counters by themselves: tables of examples, no database."""

import re
from datetime import UTC, datetime

import pytest
from django.test import RequestFactory
from django.utils import translation

from accounts.errors import Refused
from public import codes, qr, sums, throttle
from public.links import digest, new_link
from public.progress import without_people
from public.reporting import answer_due, read_phone


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("7KM-2QX-9RT", "7KM2QX9RT"),
        (" 7km 2qx 9rt ", "7KM2QX9RT"),
        ("７ＫＭ２ＱＸ９ＲＴ", "7KM2QX9RT"),
        ("7KM-2QX-OIL", "7KM2QX011"),
        ("7KM-2QX-9R", ""),
        ("7KM-2QX-9RU", ""),
        ("七七七七七七七七七", ""),
        ("<script>", ""),
        ("", ""),
    ],
)
def test_a_code_is_read_as_people_type_it(typed, read):
    assert codes.read_code(typed) == read


def test_codes_are_random_of_forty_bits_and_more_and_links_of_128():
    assert len(codes.ALPHABET) ** codes.PLACE_LENGTH > 2**44
    assert len(codes.ALPHABET) ** codes.SECRET_LENGTH >= 2**40
    assert not set("ILOU") & set(codes.ALPHABET)
    assert len({codes.new_code() for _ in range(500)}) == 500
    assert codes.shown("7KM2QX9RT") == "7KM-2QX-9RT"
    assert codes.shown("7KM2QX9R") == "7KM2-QX9R"
    assert len(new_link()) == 22  # 22 signs of 6 bits hold 16 bytes
    assert digest("a") != digest("b")


@pytest.mark.parametrize(
    ("sent", "due"),
    [
        (datetime(2026, 11, 20, 1, 0, tzinfo=UTC), datetime(2026, 11, 21, 10, 0, tzinfo=UTC)),  # 9:00, a Friday
        (datetime(2026, 11, 20, 15, 59, tzinfo=UTC), datetime(2026, 11, 21, 10, 0, tzinfo=UTC)),  # 23:59
        (datetime(2026, 11, 20, 16, 1, tzinfo=UTC), datetime(2026, 11, 22, 10, 0, tzinfo=UTC)),  # 0:01 of the next day
    ],
)
def test_the_first_answer_is_due_the_next_day_at_six(sent, due):
    assert answer_due(sent) == due


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("138 1234 5678", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("0574-8678 1234", "057486781234"),
        ("86781234", "86781234"),
        ("", ""),
    ],
)
def test_a_phone_number_is_read_as_people_type_it(typed, read):
    assert read_phone(typed) == read


@pytest.mark.parametrize("typed", ["138123", "13812345678901234", "电话", "<b>13812345678</b>"])
def test_what_is_no_phone_number_is_refused_beside_its_field(typed):
    with pytest.raises(Refused) as refusal:
        read_phone(typed)
    assert refusal.value.field == "phone"


def test_what_was_done_is_told_without_names_and_numbers():
    told = without_people("周经办已联系13812345678，周经办现场清理。", ["周经办", ""])
    assert "周经办" not in told
    assert "13812345678" not in told
    assert "现场清理" in told


def test_a_sum_is_answered_by_figure_or_word_and_only_once(monkeypatch):
    monkeypatch.setattr(sums.secrets, "randbelow", lambda most: 2)
    with translation.override("en"):
        right, word, wrong, spent = (sums.ask() for _ in range(4))
        assert right.question == "What is three plus three?"
        assert sums.is_right(right.key, " ６ ")
        assert sums.is_right(word.key, "Six")
        assert not sums.is_right(wrong.key, "7")
        assert not sums.is_right(wrong.key, "6")
        assert sums.is_right(spent.key, "6")
        assert not sums.is_right(spent.key, "6")
        assert not sums.is_right("", "6")


def test_a_limit_counts_each_sender_by_itself_and_keeps_no_address_in_the_open():
    limit = throttle.Limit("tried", 2, 60)
    assert [limit.count("10.0.0.1"), limit.is_over("10.0.0.1"), limit.count("10.0.0.1")] == [1, False, 2]
    assert limit.is_over("10.0.0.1")
    assert not limit.is_over("10.0.0.2")
    assert "10.0.0.1" not in limit._key("10.0.0.1")
    assert throttle.address_of(RequestFactory().get("/q/")) == "127.0.0.1"


def test_a_qr_code_is_a_drawing_without_style_and_its_title_is_escaped():
    drawn = qr.svg("http://example.org/q/7KM2QX9RT/", label="<b>&")
    assert drawn.startswith("<svg")
    assert not re.search(r"style=|<script|<b>", drawn)


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "8.8.8.8", "127.0.0.1"),
        (1, "8.8.8.8", "8.8.8.8"),
        (1, "1.1.1.1, 8.8.8.8", "8.8.8.8"),
        (2, "6.6.6.6, 8.8.8.8, 10.0.0.1", "8.8.8.8"),
        (2, "8.8.8.8", "127.0.0.1"),
        (1, "nobody", "127.0.0.1"),
        (1, "", "127.0.0.1"),
    ],
)
def test_the_address_is_what_our_own_proxy_wrote_and_nothing_else(settings, proxies, header, address):
    settings.PROXIES = proxies
    assert throttle.address_of(RequestFactory().get("/q/", headers={"X-Forwarded-For": header})) == address
