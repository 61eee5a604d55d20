"""Initials of names."""

import pytest

from households.names import initials


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("张三", "zs"),
        ("单雄信", "sxx"),
        ("曾国藩", "zgf"),
        ("解缙", "xj"),
        ("仇英", "qy"),
        ("查良镛", "zly"),
        ("区大任", "odr"),
        ("乐毅", "yy"),
        ("尉迟恭", "ycg"),
        ("欧阳修", "oyx"),
        ("万俟卨", "mqx"),
        ("澹台灭明", "ttmm"),
        ("长孙无忌", "zswj"),
        ("艾克拜尔·买买提", "akbemmt"),
        ("Zhang An", "za"),
        ("ZHANG SAN", "zs"),
        ("Ömer Şahin", "os"),
        ("Jean-Luc O'Neill", "jlon"),
        ("Иван Петров", "ип"),
        ("张A", "za"),
        ("", ""),
    ],
)
def test_a_name_is_found_by_the_first_letters_of_its_pinyin_or_of_its_words(name: str, expected: str) -> None:
    assert initials(name) == expected


def test_the_same_character_is_read_otherwise_in_a_given_name() -> None:
    assert initials("单单") == "sd"
    assert initials("曾曾") == "zc"


def test_initials_are_never_longer_than_their_column() -> None:
    for surname in ("尉迟", "王", "A "):
        assert 50 < len(initials(surname + "A 啊" * 100)) <= 60
