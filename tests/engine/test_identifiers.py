"""Numbers of rights: every form people paste, check digits, and what is refused."""

import pytest

from question_bank.engine.identifiers import (
    InvalidIdentifier,
    Right,
    guess_kind,
    is_expired,
    parse_body_approval,
    parse_case,
    parse_certificate,
    parse_high_tech,
    parse_madrid,
    parse_patent,
    parse_pct,
    parse_right,
    patent_check_digit,
    patent_life,
)

GIVEN = [
    ("201310699744", "2"),
    ("95115608", "X"),
    ("97101765", "4"),
    ("201810123456", "5"),
    ("202020654321", "4"),
    ("202130111222", "1"),
    ("201880012345", "5"),
]


@pytest.mark.parametrize(("body", "check"), GIVEN)
def test_the_check_digits_that_are_known(body, check):
    assert patent_check_digit(body) == check
    assert parse_patent(f"ZL{body}.{check}").number == f"{body}.{check}"


@pytest.mark.parametrize(
    "text",
    [
        "ZL 2013 1 0699744.2",
        "ZL201310699744.2",
        "2013106997442",
        "zl201310699744.2",
        "ＺＬ２０１３１０６９９７４４．２",
        "CN201310699744.2",
        " 201310699744.2\t",
    ],
)
def test_every_usual_form_of_a_patent_number_is_one_number(text):
    assert parse_patent(text) == Right("invention", "201310699744.2", 2013)


@pytest.mark.parametrize(("body", "check"), GIVEN)
@pytest.mark.parametrize("wrong", "0123456789X")
def test_no_other_check_digit_is_taken(body, check, wrong):
    if wrong != check:
        with pytest.raises(InvalidIdentifier) as caught:
            parse_patent(f"{body}.{wrong}")
        assert caught.value.code == "patent_check_digit"


@pytest.mark.parametrize(
    ("text", "kind", "year"),
    [
        ("202020654321.4", "utility_model", 2020),
        ("202130111222.1", "design", 2021),
        ("201880012345.5", "invention", 2018),
        ("95115608.X", "invention", 1995),
    ],
)
def test_a_number_says_its_kind_and_year(text, kind, year):
    right = parse_patent(text)
    assert (right.kind, right.filed_year) == (kind, year)


@pytest.mark.parametrize(
    ("kind", "text", "code"),
    [
        ("patent", "CN104123456B", "publication_number"),
        ("patent", "CN204123456U", "publication_number"),
        ("patent", "CN304123456S", "publication_number"),
        ("patent", "201310699744", "patent_check_missing"),
        ("patent", "201370699744.2", "patent_form"),
        ("patent", "199910699744.1", "patent_form"),
        ("patent", "发明一件", "patent_form"),
        ("invention", "202020654321.4", "patent_kind"),
        ("pct", "PCT-2019", "pct_form"),
        ("trademark", "12345678", "trademark_class_missing"),
        ("trademark", "12345678/46", "trademark_class"),
        ("trademark", "12345678/0", "trademark_class"),
        ("trademark", "123456789/9", "trademark_form"),
        ("madrid", "1234567", "madrid_form"),
        ("software", "软著登字第1234567号", "software_certificate"),
        ("software", "2019-0123456", "software_form"),
        ("work", "作登字-2020", "work_form"),
        ("plant_variety", "CNB2015", "variety_form"),
        ("ic_layout", "BS.1", "layout_form"),
        ("nothing", "1", "unknown_kind"),
    ],
)
def test_what_is_refused_says_why(kind, text, code):
    with pytest.raises(InvalidIdentifier) as caught:
        parse_right(kind, text)
    assert caught.value.code == code
    assert set(caught.value.message) == {"zh", "en"}


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("PCT/CN2019/081234", "pct", "PCT/CN2019/081234"),
        ("pct/cn03/00123", "pct", "PCT/CN03/00123"),
        ("12345678/9", "trademark", "12345678/9"),
        ("第12345678号 第9类", "trademark", "12345678/9"),
        ("1234A，35", "trademark", "1234A/35"),
        ("G1234567", "madrid", "G1234567"),
        ("IR 1234567/9", "madrid", "G1234567/9"),
        ("2019SR0123456", "software", "2019SR0123456"),
        ("国作登字-2020-F-00123456", "work", "国作登字-2020-F-00123456"),
        ("CNA20151234.5", "plant_variety", "CNA20151234.5"),
        ("BS.195001234", "ic_layout", "BS.195001234"),
        ("ZL201310699744.2", "invention", "201310699744.2"),
    ],
)
def test_the_kind_is_seen_from_the_number(text, kind, number):
    right = parse_right("auto", text)
    assert (right.kind, right.number) == (kind, number)
    assert parse_right(kind, number) == right


def test_a_short_plain_number_looks_like_a_mark():
    assert guess_kind("1234567") == "trademark"


def test_lives_of_patents():
    assert patent_life("invention", 2010) == 20
    assert patent_life("utility_model", 2022) == 10
    assert (patent_life("design", 2020), patent_life("design", 2021)) == (10, 15)


@pytest.mark.parametrize(
    ("kind", "year", "end_of", "gone"),
    [
        ("invention", 2005, 2025, True),
        ("invention", 2006, 2025, False),
        ("utility_model", 2015, 2025, True),
        ("utility_model", 2016, 2025, False),
        ("design", 2015, 2025, True),
        ("design", 2021, 2035, False),
        ("design", 2021, 2036, True),
    ],
)
def test_a_patent_past_its_life_is_not_valid(kind, year, end_of, gone):
    assert is_expired(Right(kind, "x", year), end_of) is gone


def test_what_has_no_filing_year_does_not_expire_here():
    assert not is_expired(Right("trademark", "1/1"), 2100)


@pytest.mark.parametrize(
    ("text", "doubts"),
    [
        ("165IP182034R0M", 0),
        ("18120IP0123R0S", 0),
        ("165182034R0M", 1),
        ("16518203", 2),
    ],
)
def test_certificates_are_taken_loosely_with_doubts(text, doubts):
    assert len(parse_certificate(text).doubts) == doubts


@pytest.mark.parametrize("text", ["123", "A" * 31, "165IP*182034"])
def test_a_certificate_number_has_a_form(text):
    with pytest.raises(InvalidIdentifier):
        parse_certificate(text)


def test_other_numbers():
    assert parse_high_tech("gr202037001234").number == "GR202037001234"
    assert parse_case("(2020)鲁06民初123号").number == "（2020）鲁06民初123号"
    assert parse_case("〔2020〕鲁06民初123号").number == "（2020）鲁06民初123号"
    assert parse_body_approval("cnca-r-2014-165").number == "CNCA-R-2014-165"
    for reader, text in (
        (parse_high_tech, "GR2020"),
        (parse_case, "鲁06民初123号"),
        (parse_body_approval, "CNCA-2014"),
        (parse_pct, "PCT"),
        (parse_madrid, "G1"),
    ):
        with pytest.raises(InvalidIdentifier):
            reader(text)
