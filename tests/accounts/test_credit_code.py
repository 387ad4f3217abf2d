"""The unified social credit code: form, both check digits, and what is wrong."""

import pytest
from hypothesis import given, strategies as st

from accounts import credit_code
from accounts.credit_code import ALPHABET, InvalidCreditCode, find_problem, normalise

VALID = [
    "91350100M000100Y43",
    "91370600MA3QY001XA",
    "91370611165000017Y",
    "91370614MA3UPL011Y",
    "91370684MA3HPL0288",
    "91370681MA3LNG0192",
    "913700001630000214",
    "92370602MA3KGTH80L",
    "52370600MJD000011W",
    "12370600494000018B",
]
codes = st.builds(
    credit_code.complete,
    st.builds(
        lambda head, division: f"{head}{division:06d}",
        st.sampled_from(["91", "92", "93", "12", "52", "N1", "A1", "Y1"]),
        st.integers(0, 999999),
    ),
    st.text(alphabet=ALPHABET, min_size=8, max_size=8),
)


@pytest.mark.parametrize("code", VALID)
def test_a_valid_code_has_no_problem(code: str) -> None:
    assert find_problem(code) is None


@pytest.mark.parametrize("code", VALID)
def test_a_valid_code_is_rebuilt_from_its_parts(code: str) -> None:
    assert credit_code.complete(code[:8], code[8:16]) == code


@pytest.mark.parametrize("code", VALID)
def test_any_single_changed_character_is_caught(code: str) -> None:
    accepted = [
        code[:place] + letter + code[place + 1 :]
        for place in range(len(code))
        for letter in ALPHABET
        if letter != code[place]
        and find_problem(code[:place] + letter + code[place + 1 :]) is None
    ]
    assert accepted == []


@given(codes)
def test_every_completed_code_is_valid(code: str) -> None:
    assert find_problem(code) is None


@given(codes, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_changed_character_is_caught_in_any_code(
    code: str, place: int, letter: str
) -> None:
    changed = code[:place] + letter + code[place + 1 :]
    assert (find_problem(changed) is None) == (changed == code)


@given(codes, st.integers(0, 16))
def test_two_swapped_neighbours_are_caught(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (find_problem(swapped) is None) == (swapped == code)


@given(st.text(max_size=30))
def test_any_text_gets_an_answer(text: str) -> None:
    code = normalise(text)
    assert normalise(code) == code
    if find_problem(code) is None:
        assert credit_code.parse(text) == code


def test_a_remainder_of_nought_gives_the_check_character_nought() -> None:
    bodies = (f"91370600MA{number:06d}" for number in range(2000))
    completed = [credit_code.complete(body[:8], body[8:]) for body in bodies]
    assert any(code.endswith("0") for code in completed)


@pytest.mark.parametrize(
    "text",
    [
        " 91370600MA3QY001XA ",
        "91370600ma3qy001xa",
        "９１３７０６００ＭＡ３ＱＹ００１ＸＡ",
        "９１３７０６００ｍａ３ｑｙ００１ｘａ",
        "9137 0600 MA3Q Y001 XA",
        "91370600-MA3QY001-XA",
        "91370600－MA3QY001—XA",
        "\u200b91370600MA3QY001XA\ufeff",
        "91370600\u3000MA3QY001XA\r\n",
    ],
)
def test_a_code_is_read_however_it_was_typed(text: str) -> None:
    assert credit_code.parse(text) == "91370600MA3QY001XA"


def test_lower_case_is_no_code_before_it_is_normalised() -> None:
    problem = find_problem("91370600ma3qy001xa")
    assert (problem.code, problem.position) == ("letter", 9)


@pytest.mark.parametrize(
    ("text", "code", "position", "words"),
    [
        ("", "empty", None, "请填写"),
        ("9137060", "length", None, "现在是 7 位"),
        ("91370600MA3QY001XA1", "length", None, "现在是 19 位"),
        ("370600200012345", "old_licence_number", None, "15 位的旧营业执照注册号"),
        ("9I370600MA3QY001XA", "letter", 2, "第 2 位是字母 I"),
        ("9137060OMA3QY001XA", "letter", 8, "第 8 位是字母 O"),
        ("91370600MASQY001XA", "letter", 11, "第 11 位是字母 S"),
        ("91370600MA3QV001XA", "letter", 13, "第 13 位是字母 V"),
        ("91350100M000100Y4Z", "letter", 18, "第 18 位是字母 Z"),
        ("91370600MA3QY001X号", "letter", 18, "只能是数字或大写字母"),
        ("B1370600MA3QY001XA", "prefix", 1, "前两位“B1”"),
        ("94370600MA3QY001XA", "prefix", 2, "前两位“94”"),
        ("9137A600MA3QY001XA", "division", 5, "第 5 位应为数字"),
        ("91370600MA3QY0021A", "organisation_check", 17, "第 9 至 17 位"),
        ("91370600MA3QY001XB", "check", 18, "最后一位校验码"),
        ("92370600MA3QY001XA", "check", 18, "最后一位校验码"),
    ],
)
def test_the_message_says_what_is_wrong_and_where(
    text: str, code: str, position: int | None, words: str
) -> None:
    with pytest.raises(InvalidCreditCode) as caught:
        credit_code.parse(text)
    problem = caught.value.problem
    assert (problem.code, problem.position) == (code, position)
    assert words in str(problem.message)
