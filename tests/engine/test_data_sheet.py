"""What follows from a data sheet: totals, ratios, the size class, facts, next year."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, strategies as st

from question_bank.data_sheet import FIELDS
from question_bank.engine.data_checks import check_sheet, doubtful_slots
from question_bank.engine.data_fields import (
    InvalidDefinition,
    parse_definition,
    year_of,
)
from question_bank.engine.data_sheet import (
    RIGHT_KINDS,
    RightItem,
    group_progress,
    sheet_facts,
    shifted,
    typed_parts,
)
from question_bank.engine.identifiers import REGISTER_READERS
from question_bank.yaml_reading import load_file
from tests.engine.data_sheets import AS_OF, DEFINITION, SOUND, YEAR, sheet_of

PATENT_KINDS = {"invention", "utility_model", "design"}


def test_a_firm_of_350_people_and_1800_is_small():
    assert sheet_of(SOUND).computed["size_class"] == "small"
    assert "size_class" not in sheet_of({**SOUND, "industry": "P8334"}).computed
    assert "size_class" not in sheet_of({"staff": "350"}).computed


def test_the_mean_of_ratios_is_not_the_ratio_of_sums():
    sheet = sheet_of(
        {"patent_product_revenue": ("10", "10", "90"), "revenue": ("100", "10", "100")}
    )
    yearly = [sheet.number(f"patent_product_ratio_{y}") for y in ("y2", "y1", "y0")]
    assert yearly == [Fraction(1, 10), Fraction(1), Fraction(9, 10)]
    assert sum(yearly) / 3 == Fraction(2, 3)
    assert Fraction(110, 210) != Fraction(2, 3)


def test_ratios_are_exact():
    sheet = sheet_of({"rd_cost": ("1", "1", "0.10"), "revenue": ("3", "0", "0.30")})
    assert sheet.number("rd_ratio_y2") == Fraction(1, 3)
    assert sheet.number("rd_ratio_y1") is None
    assert sheet.number("rd_ratio_y0") == Fraction(1, 3)


def test_totals_of_three_years():
    sheet = sheet_of(
        {
            "inventions_filed": ("1", "2", "3"),
            "utility_models_filed": ("4", "无", "2"),
            "designs_filed": ("不适用", "不适用", "不适用"),
        }
    )
    assert sheet.number("patents_filed_y2") == 5
    assert sheet.number("invention_share_3y") == Fraction(6, 12)


def test_not_applicable_adds_nothing_and_open_makes_a_total_unknown():
    parts = {"inventions_valid": "3", "utility_models_valid": "无"}
    assert sheet_of(parts).number("patents_valid") is None
    assert sheet_of({**parts, "designs_valid": "不适用"}).number("patents_valid") == 3
    nothing = dict.fromkeys((*parts, "designs_valid"), "不适用")
    assert sheet_of(nothing).number("patents_valid") is None


def test_years_that_did_not_exist_are_left_out_of_a_three_year_share():
    sheet = sheet_of(
        {
            "inventions_filed": ("不适用", "1", "1"),
            "utility_models_filed": ("不适用", "1", "1"),
            "designs_filed": ("不适用", "0", "0"),
        }
    )
    assert sheet.number("invention_share_3y") == Fraction(1, 2)


def test_facts_keep_zero_none_and_unknown_apart():
    facts = sheet_facts(
        sheet_of(
            {
                "licences": "0", "transfers": "无", "pledges": "不适用",
                "ip_rules": "无", "last_internal_audit": "无", "iso9001": "否",
                "assets": "1800.50", "staff": "350", "ip_body": "in_rd",
                "enterprise_types": "high_tech", "founded_on": "2010-03-05",
            }
        )
    )  # fmt: skip
    assert facts == {
        "licences": 0,
        "transfers": 0,
        "ip_rules": frozenset(),
        "iso9001": False,
        "assets": 1800.5,
        "staff": 350,
        "ip_body": "in_rd",
        "enterprise_types": frozenset({"high_tech"}),
        "founded_on": "2010-03-05",
    }


def test_computed_facts_are_whole_numbers_or_shares():
    facts = sheet_facts(sheet_of(SOUND))
    assert facts["patents_valid"] == 16
    assert isinstance(facts["patents_valid"], int)
    assert facts["rd_ratio_y0"] == 100 / 1800
    assert facts["size_class"] == "small"


def test_what_waits_for_confirmation_is_no_fact_nor_what_follows_from_it():
    sheet = replace(sheet_of(SOUND), unconfirmed=frozenset({"revenue_y0"}))
    facts = sheet_facts(sheet)
    assert "revenue_y0" not in facts
    assert "rd_ratio_y0" not in facts
    assert "size_class" not in facts
    assert facts["rd_cost_y0"] == 100


def test_contradicting_values_are_no_facts():
    sheet = sheet_of({**SOUND, "rd_staff": "400"})
    facts = sheet_facts(sheet, doubtful_slots(check_sheet(sheet, as_of=AS_OF)))
    assert "rd_staff" not in facts
    assert "staff" not in facts
    assert facts["ip_staff_full"] == 2


def test_next_year_starts_from_this_one():
    rights = (RightItem("invention", "201310699744.2"),)
    last = sheet_of(SOUND, rights=rights, notes={"jump:revenue_y0": "并购"})
    new = shifted(last, YEAR + 1)
    assert new.entries["revenue_y2"] == last.entries["revenue_y1"]
    assert new.entries["revenue_y1"] == last.entries["revenue_y0"]
    assert "revenue_y0" not in new.entries
    assert new.entries["staff"] == last.entries["staff"]
    assert new.unconfirmed == frozenset(new.entries)
    assert (new.rights, new.notes) == (rights, {})
    assert sheet_facts(new) == {}


def test_progress_counts_what_a_person_stands_by():
    group = DEFINITION.group("finance")
    sheet = sheet_of({"revenue": ("1", "2", "3"), "profit": ("", "无", "不适用")})
    waiting = replace(sheet, unconfirmed=frozenset({"revenue_y2"}))
    found = group_progress(waiting, group)
    assert (found.done, found.total, found.unconfirmed) == (4, 12, 1)
    assert found.required_open == 3


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_a_share_is_what_it_says(part, whole):
    sheet = sheet_of({"rd_cost": (str(part),) * 3, "revenue": (str(whole),) * 3})
    assert sheet.number("rd_ratio_y0") * whole == part


def test_the_definition_names_every_slot_once():
    assert len(DEFINITION.slots) == 182
    assert DEFINITION.group("nowhere") is None
    assert year_of("revenue_y2", DEFINITION.fields["revenue"], 2025) == 2023
    assert year_of("staff", DEFINITION.fields["staff"], 2025) is None
    assert typed_parts(DEFINITION, "patents_valid") == (
        "inventions_valid", "utility_models_valid", "designs_valid",
    )  # fmt: skip


def test_every_kind_of_right_can_be_listed():
    named = {kind for field in DEFINITION.fields.values() for kind in field.rights}
    assert named == set(RIGHT_KINDS)
    assert set(REGISTER_READERS) - {"patent"} == named - PATENT_KINDS


def test_every_text_is_bilingual():
    for field in DEFINITION.fields.values():
        for text in (field.title, field.unit, field.help, field.evidence):
            assert text is None or (text["zh"] and text["en"])


def _broken(change):
    data, _places = load_file(FIELDS, "fields.yaml")
    change(data["groups"][0]["fields"])
    return data


@pytest.mark.parametrize(
    "change",
    [
        lambda fields: fields.append(fields[0]),
        lambda fields: fields[0].update(color="red"),
        lambda fields: fields[0].update(id="Founded"),
        lambda fields: fields[0].update(choices=[{"id": "a", "text": {"zh": "甲"}}]),
        lambda fields: fields[0].update(computed={"rule": "sum", "of": ["nowhere"]}),
    ],
)
def test_a_definition_that_contradicts_itself_is_refused(change):
    with pytest.raises(InvalidDefinition):
        parse_definition(_broken(change))
