"""Document numbers. All numbers are made up from their parts; GB 11643's own example is the one that is quoted."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.loading.cleaning.identity import IdFacts, check_digit, check_number, renewed
from households.loading.fields import Problem

EXAMPLE = "11010519491231002X"
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "written",
    [
        EXAMPLE,
        EXAMPLE.lower(),
        f"'{EXAMPLE}",
        f" {EXAMPLE} ",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105 19491231 002x",
        "110105-19491231-002X",
    ],
)
def test_the_standards_own_example_is_read_however_it_is_written(written: str) -> None:
    assert check_number(written) == IdFacts(EXAMPLE, "valid", "female", date(1949, 12, 31), (), "id_card")


def test_an_old_number_of_15_digits_is_taken_with_a_warning() -> None:
    facts = check_number("110105491231002")
    assert facts == IdFacts("110105491231002", "old", "female", date(1949, 12, 31), (Problem.NUMBER_OLD,))
    assert renewed(facts.number) == EXAMPLE
    assert check_number(110105491231002.0) == facts


@pytest.mark.parametrize(
    "cell",
    [
        3.30206199001011e17,
        330206199001011000,
        "3.30206E+17",
        "3.30206e17",
        "3.30206199001011E+17",
        "330206199001011000",
        "３．３０２０６Ｅ＋１７",
    ],
)
def test_a_number_that_excel_has_damaged_is_said_so_and_not_given_back(cell: object) -> None:
    facts = check_number(cell)
    assert facts.problems == (Problem.NUMBER_DAMAGED,)
    assert facts.number == facts.check == ""


def test_a_right_number_that_happens_to_end_in_three_zeros_is_taken_as_text() -> None:
    endings = (f"330206199001{day:02d}{n}00" for day in range(1, 10) for n in range(10))
    number = next(first17 + "0" for first17 in endings if check_digit(first17) == "0")
    assert check_number(number).check == "valid"


@pytest.mark.parametrize(
    ("number", "problem"),
    [
        ("1101051949123100", Problem.NUMBER_LENGTH),
        ("11010519491231002XX", Problem.NUMBER_LENGTH),
        ("2301021990O1011234", Problem.NUMBER_LENGTH),
        ("abc", Problem.NUMBER_LENGTH),
        ("110105199002301234", Problem.NUMBER_DATE),
        ("110105179001011234", Problem.NUMBER_DATE),
        ("110105209001011234", Problem.NUMBER_DATE),
        ("110105901301002", Problem.NUMBER_DATE),
        ("110105194912310021", Problem.NUMBER_CHECK_DIGIT),
    ],
)
def test_a_wrong_number_is_given_back_as_invalid_with_the_reason(number: str, problem: Problem) -> None:
    facts = check_number(number, on=TODAY)
    assert facts.problems == (problem,)
    assert facts.check == "invalid"
    assert facts.number == number.upper()


def test_an_unknown_county_is_a_hint_and_no_reason_to_refuse() -> None:
    first17 = "99999919900101123"
    assert check_number(first17 + check_digit(first17)).check == "valid"
    first17 = "00010519900101123"
    facts = check_number(first17 + check_digit(first17))
    assert (facts.check, facts.problems) == ("valid", (Problem.NUMBER_COUNTY,))


@pytest.mark.parametrize("cell", ["", "无", "/", "——", "不详", "未知", " "])
def test_nothing_has_many_spellings(cell: str) -> None:
    assert check_number(cell) == IdFacts()


@pytest.mark.parametrize(
    ("number", "document"),
    [
        ("H12345678", "permit"),
        ("M1234567801", "permit"),
        ("ABC123456789012", "permit"),
        ("G12345678", "passport"),
        ("EA1234567", "passport"),
        ("X1234567", "passport"),
        ("N330000123", "other"),
        ("军字第2001988号", "other"),
    ],
)
def test_other_documents_are_known_by_their_look_and_not_checked(number: str, document: str) -> None:
    facts = check_number(number)
    assert (facts.number, facts.check, facts.document, facts.problems) == (number, "unchecked", document, ())


def test_a_document_that_the_file_names_is_taken_as_such() -> None:
    assert check_number("12345678", document="permit") == IdFacts("12345678", "unchecked", document="permit")
    assert check_number("12345678").problems == (Problem.NUMBER_LENGTH,)
    assert check_number("K12345(6)", document="passport").check == "unchecked"
    assert check_number("G12345678", document="id_card").problems == (Problem.NUMBER_LENGTH,)


@pytest.mark.parametrize("prefix", ["810000", "820000", "830000", "911123"])
def test_residence_permits_carry_the_number_of_a_card_and_are_checked_like_one(prefix: str) -> None:
    first17 = prefix + "19900101123"
    facts = check_number(first17 + check_digit(first17))
    assert (facts.check, facts.document, facts.sex, facts.born_on) == ("valid", "permit", "male", date(1990, 1, 1))
    assert check_number(first17 + check_digit(first17), document="permit").check == "valid"


@given(st.integers(110000, 659999), st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999))
def test_every_well_formed_number_says_its_birth_date_and_sex(county: int, born_on: date, sequence: int) -> None:
    first17 = f"{county}{born_on:%Y%m%d}{sequence:03d}"
    facts = check_number(first17 + check_digit(first17), on=TODAY)
    assert (facts.check, facts.born_on, facts.sex) == ("valid", born_on, "male" if sequence % 2 else "female")


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(position: int, off: int) -> None:
    wrong = str((int(EXAMPLE[position]) + off) % 10)
    assert check_number(EXAMPLE[:position] + wrong + EXAMPLE[position + 1 :], on=TODAY).check == "invalid"


@given(st.integers(0, 15))
def test_two_neighbours_exchanged_are_always_noticed(position: int) -> None:
    first, second = EXAMPLE[position], EXAMPLE[position + 1]
    exchanged = EXAMPLE[:position] + second + first + EXAMPLE[position + 2 :]
    assert (check_number(exchanged, on=TODAY).check == "valid") == (first == second)


@given(st.text(max_size=40))
def test_no_text_whatever_is_taken_for_a_card_by_mistake(text: str) -> None:
    facts = check_number(text, on=TODAY)
    if facts.check == "valid":
        assert check_digit(facts.number[:17]) == facts.number[17]
