"""Reading one value: units, states, and what is refused."""

from decimal import Decimal

import pytest

from question_bank.data_sheet import data_sheet_definition
from question_bank.engine.data_values import (
    NONE,
    NOT_APPLICABLE,
    Entry,
    EntryState,
    InvalidEntry,
    entry_from_json,
    entry_text,
    read_text,
)

FIELDS = data_sheet_definition().fields


def value(field, text):
    entry = read_text(FIELDS[field], text).entry
    assert entry is not None
    return entry.value


def refusal(field, text):
    with pytest.raises(InvalidEntry) as caught:
        read_text(FIELDS[field], text)
    return caught.value.code


def test_zero_none_not_applicable_and_open_stay_apart():
    field = FIELDS["licences"]
    readings = [read_text(field, text).entry for text in ("0", "无", "不适用", " ")]
    assert readings == [Entry(EntryState.VALUE, 0), NONE, NOT_APPLICABLE, None]


@pytest.mark.parametrize(
    ("text", "kept", "converted"),
    [
        ("1800", "1800.00", False),
        ("1,800.50", "1800.50", False),
        ("１８００", "1800.00", False),
        ("3500000元", "350.00", True),
        ("3555元", "0.36", True),
        ("1.8亿元", "18000.00", True),
        ("350万元", "350.00", False),
        ("1800.125", "1800.13", True),
    ],
)
def test_money_is_kept_in_wan_with_two_decimals(text, kept, converted):
    reading = read_text(FIELDS["assets"], text)
    assert reading.entry == Entry(EntryState.VALUE, Decimal(kept))
    assert (reading.note is not None) is converted
    if reading.note:
        assert kept in reading.note["zh"]
        assert kept in reading.note["en"]


def test_only_profit_may_be_negative():
    assert value("profit", "-12.5") == Decimal("-12.50")
    assert refusal("revenue", "-12.5") == "negative"


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("staff", "12.5", "not_whole"),
        ("staff", "约100", "not_a_number"),
        ("staff", "500001", "too_large"),
        ("staff", "12件", "unknown_unit"),
        ("assets", "12美元", "unknown_unit"),
        ("assets", "100000001", "too_large"),
        ("nda_cover", "100.5", "too_large"),
        ("founded_on", "2025-02-30", "not_a_date"),
        ("founded_on", "去年", "not_a_date"),
        ("iso9001", "也许", "not_yes_or_no"),
        ("ip_body", "车间", "unknown_choice"),
        ("ip_rules", "保密、食堂", "unknown_choice"),
        ("industry", "A3484", "industry"),
        ("cert_number", "12", "certificate_form"),
        ("high_tech_number", "GR12", "high_tech_form"),
        ("cert_body", "x" * 101, "too_long"),
        ("cert_body", "a\u202eb", "control_characters"),
        ("registration_state", "无", "unknown_choice"),
    ],
)
def test_what_is_refused(field, text, code):
    assert refusal(field, text) == code


@pytest.mark.parametrize(
    ("field", "text", "kept"),
    [
        ("staff", "12 人", 12),
        ("staff", "12.0", 12),
        ("nda_cover", "85%", Decimal("85.00")),
        ("founded_on", "2010年3月5日", "2010-03-05"),
        ("founded_on", "2010/3/5", "2010-03-05"),
        ("iso9001", "是", True),
        ("iso9001", "无", False),
        ("ip_body", "独立设置", "independent"),
        ("ip_body", "无", "none"),
        ("ip_rules", "保密，奖励报酬", ("reward", "secrecy")),
        ("industry", "3484", "C3484"),
        ("cert_number", "165ip182034r0m", "165IP182034R0M"),
    ],
)
def test_what_people_type_is_read(field, text, kept):
    assert value(field, text) == kept


def test_what_is_shown_can_be_typed_again():
    samples = {
        "assets": "1800.50", "staff": "350", "nda_cover": "85", "ip_body": "独立设置",
        "ip_rules": "保密、奖励报酬", "iso9001": "否", "founded_on": "2010-03-05",
        "pledge_banks": "某银行", "licences": "无", "works_registered": "不适用",
    }  # fmt: skip
    for name, text in samples.items():
        entry = read_text(FIELDS[name], text).entry
        for locale in ("zh", "en"):
            shown = entry_text(FIELDS[name], entry, locale=locale)
            assert read_text(FIELDS[name], shown).entry == entry
        assert entry_from_json(FIELDS[name], entry.to_json()) == entry
    assert entry_text(FIELDS["staff"], None) == ""


@pytest.mark.parametrize(
    ("field", "data", "code"),
    [
        ("staff", 12, "wrong_type"),
        ("staff", {"state": "value"}, "unknown_state"),
        ("staff", {"state": "open"}, "unknown_state"),
        ("staff", {"state": "none", "value": 1}, "unknown_state"),
        ("staff", {"state": "value", "value": True}, "not_a_number"),
        ("staff", {"state": "value", "value": "1e3"}, "not_a_number"),
        ("iso9001", {"state": "value", "value": 1}, "not_yes_or_no"),
        ("iso9001", {"state": "none"}, "none_not_possible"),
        ("ip_rules", {"state": "value", "value": []}, "wrong_type"),
        ("ip_rules", {"state": "value", "value": ["risk", "risk"]}, "unknown_choice"),
        ("ip_body", {"state": "value", "value": ["none"]}, "unknown_choice"),
        ("founded_on", {"state": "value", "value": "1899-01-01"}, "not_a_date"),
        ("founded_on", {"state": "value", "value": 2010}, "not_a_date"),
        ("cert_body", {"state": "value", "value": " "}, "wrong_type"),
        ("staff", {"state": "value", "value": 1, "by": "me"}, "wrong_type"),
    ],
)
def test_json_that_does_not_fit_is_refused(field, data, code):
    with pytest.raises(InvalidEntry) as caught:
        entry_from_json(FIELDS[field], data)
    assert caught.value.code == code
