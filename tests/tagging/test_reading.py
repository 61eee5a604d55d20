"""The tagger without a database: words, n-grams, learning, how sure it is, what it shows for it."""

import csv

import numpy as np
import pytest

from incidents.services.catalogue import FILE as CATALOGUE
from tagging import training
from tagging.dictionary import Dictionary, Entry
from tagging.evaluation import Report, Verdict, judge, threshold_for
from tagging.grams import grams
from tagging.linear import LinearModel
from tagging.reading import Reader
from tagging.texts import without
from tagging.training import Letter, Part, TooLittle, part_of, train
from tagging.words import FILE, LONGEST

LAMP, DRAIN, DOG = "路灯", "污水", "犬只"
DICTIONARY = Dictionary(
    [
        Entry(LAMP, "路灯不亮", 3),
        Entry(LAMP, "路灯", 3),
        Entry(LAMP, "太黑", 2),
        Entry(DRAIN, "下水道", 3),
        Entry(DRAIN, "路", 1),
        Entry(DOG, "流浪狗", 3),
    ]
)
SAYINGS = {
    LAMP: ("村口路灯不亮", "晚上灯坏了看不见", "路灯一闪一闪"),
    DRAIN: ("下水道堵了", "污水漫到路上", "化粪池满了冒水"),
    DOG: ("有狗追人", "流浪狗咬人了", "遛狗不牵绳"),
}


def letters(count: int = 450) -> list[Letter]:
    labels = list(SAYINGS)
    made = []
    for number in range(count):
        label = labels[number % 3]
        said = f"{SAYINGS[label][number // 3 % 3]}，第{number}次反映"
        made.append(Letter(said, label, f"letter {number}"))
    return made


@pytest.fixture(scope="module")
def trained():
    return train(letters(), dictionary=DICTIONARY)


def test_the_starting_dictionary_knows_every_kind_that_has_words_of_its_own() -> None:
    with FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        kinds = {row["code"] for row in csv.DictReader(file) if row["level"]}
    words: dict[str, list[str]] = {code: [] for code in kinds}
    for row in rows:
        words[row["category"]].append(row["word"])
        assert 1 <= int(row["weight"]) <= 3
        assert 1 <= len(row["word"]) <= LONGEST
    assert all(len(found) == len(set(found)) for found in words.values())
    assert {code for code, found in words.items() if len(found) < 10} == {"0705"}  # whatever fits no other kind


def test_a_number_is_only_a_number_and_grams_stay_within_a_clause() -> None:
    assert list(grams("灯坏 138")) == ["灯", "坏", "灯坏", "0"]
    assert list(grams("Ａ栋，")) == ["a", "栋", "a栋"]
    assert list(grams("")) == []


def test_a_word_within_a_longer_one_is_not_counted_twice() -> None:
    assert [entry.text for entry in DICTIONARY.found("村口路灯不亮，太黑", LAMP)] == ["路灯不亮", "太黑"]
    shares = DICTIONARY.shares("村口路灯不亮")
    assert shares == {LAMP: 3 / 6, DRAIN: 1 / 6}


def test_the_dictionary_alone_is_sure_from_a_decisive_word() -> None:
    reader = Reader(DICTIONARY)
    said = reader.read("有流浪狗")
    assert said is not None
    assert (said.code, said.is_sure, said.words) == (DOG, True, ("流浪狗",))
    hint = reader.read("走在路上")
    assert hint is not None
    assert (hint.code, hint.is_sure) == (DRAIN, False)
    assert reader.read("谢谢") is None
    assert reader.read("有流浪狗", among=[LAMP]) is None


def test_it_learns_and_shows_the_words_that_it_went_by(trained) -> None:
    assert trained.report.macro_f1 == 1.0
    said = trained.reader.read("我家门口化粪池又满了，冒水")
    assert said is not None
    assert (said.code, said.is_sure) == (DRAIN, True)
    assert said.words
    assert all(word in "我家门口化粪池又满了，冒水" for word in said.words)


def test_what_is_kept_is_small_and_says_the_same(trained) -> None:
    content = trained.model.to_bytes()
    again = LinearModel.from_bytes(content)
    assert len(content) < 20_000
    for letter in letters(9):
        assert np.allclose(again.margins(letter.text), trained.model.margins(letter.text), atol=1e-2)
    assert not any(character.isdigit() and character != "0" for gram in again.vocabulary.grams for character in gram)


def test_what_few_letters_say_is_not_kept() -> None:
    rare = [Letter("路灯坏了，联系张小花", LAMP, "rare"), *letters(30)]
    assert "张小花" not in training.vocabulary_of([each.text for each in rare], [], 2).grams


def test_one_kind_alone_teaches_nothing() -> None:
    with pytest.raises(TooLittle):
        train([Letter("路灯不亮", LAMP, "1")])


def test_a_letter_stays_in_its_part() -> None:
    parts = [part_of(f"20261120-330206003-{number:04d}") for number in range(1000)]
    assert part_of("20261120-330206003-0001") == parts[1]
    assert 150 < parts.count(Part.TRY) < 250
    assert 60 < parts.count(Part.TUNE) < 140


def test_the_figures_of_a_trial() -> None:
    said = [("a", "a", 0.9), ("a", "b", 0.4), ("b", "b", 0.8), ("b", "b", 0.3), ("c", "b", 0.2)]
    report = judge([Verdict(*each) for each in said], threshold=0.5)
    assert (report.letters, report.accuracy) == (5, 0.6)
    assert (report.labels["b"].precision, report.labels["b"].recall) == (0.5, 1.0)
    assert report.macro_f1 == pytest.approx((2 / 3 + 2 / 3 + 0) / 3)
    assert (report.sure, report.accuracy_when_sure) == (0.4, 1.0)
    assert report.mistakes() == [(1, "a", "b"), (1, "c", "b")]
    shown = [("a", "b", ("路", "灯")), ("a", "b", ("灯",)), ("b", "b", ("路",))]
    astray = judge([Verdict(truth, label, 0.9, words) for truth, label, words in shown])
    assert astray.misled == {"a": {"b": ["灯", "路"]}}
    assert Report.from_json(report.as_json()) == report
    assert judge([]).macro_f1 == 0


@pytest.mark.parametrize(
    ("said", "sure_from"),
    [
        ([("a", "a", 0.9), ("a", "a", 0.6), ("a", "b", 0.5)], 0.6),
        ([("a", "b", 0.9), ("a", "b", 0.6)], 1.01),
        ([("a", "a", 0.5), ("a", "b", 0.5)], 1.01),  # of equal confidences all count or none
        ([], 1.01),
    ],
)
def test_sure_is_what_was_right_often_enough(said, sure_from) -> None:
    assert threshold_for([Verdict(*each) for each in said], target=0.9) == sure_from


def test_places_are_left_out_of_what_is_learnt() -> None:
    assert without("高田王村路口、高田王路灯不亮", ["高田王村", ""]).replace(" ", "") == "路口、路灯不亮"
