"""Errors, warnings and infos of a data sheet, each beside the sheet without it."""

from datetime import date

import pytest

from question_bank.engine.data_checks import check_sheet, doubtful_slots
from question_bank.engine.data_sheet import RightItem, Veto
from tests.engine.data_sheets import AS_OF, SOUND, YEAR, problems_of, sheet_of

VETO = Veto("infringement", "某法院", "（2024）鲁06民终1号", "2024-05-06")


def test_a_sound_sheet_has_nothing_wrong():
    assert problems_of() == set()


@pytest.mark.parametrize(
    ("texts", "code", "slot"),
    [
        (
            {"patent_product_revenue": ("300", "500", "1801")},
            "above_revenue",
            "patent_product_revenue_y0",
        ),
        ({"rd_staff": "351"}, "above_staff", "rd_staff"),
        (
            {"core_staff": "60", "core_trained": "61"},
            "above_core_staff",
            "core_trained",
        ),
        (
            {"other_staff": "20", "other_trained": "21"},
            "above_other_staff",
            "other_trained",
        ),
        (
            {"high_value_inventions": "7"},
            "above_inventions_valid",
            "high_value_inventions",
        ),
        ({"patents_implemented": "17"}, "above_patents_valid", "patents_implemented"),
        ({"open_licences": "17"}, "above_patents_valid", "open_licences"),
        ({"pct_filed": "1", "pct_filed_3y": "2"}, "above_pct_filed", "pct_filed_3y"),
        ({"founded_on": "2026-11-25"}, "future_date", "founded_on"),
        ({"last_internal_audit": "2026-11-25"}, "future_date", "last_internal_audit"),
        (
            {"cert_first_issue": "2024-05-01", "cert_expiry": "2024-04-30"},
            "dates_reversed",
            "cert_expiry",
        ),
        ({"cert_first_issue": "2009-05-01"}, "dates_reversed", "cert_first_issue"),
        (
            {"cert_edition": "e2013", "cert_state": "valid"},
            "edition_ended",
            "cert_state",
        ),
        (
            {"cert_expiry": "2026-11-23", "cert_state": "valid"},
            "cert_expired",
            "cert_state",
        ),
        ({"industry": ""}, "required", "industry"),
        ({"revenue": ("1500", "1650", "")}, "required", "revenue_y0"),
    ],
)
def test_contradictions_are_errors(texts, code, slot):
    assert ("error", code, slot) in problems_of(texts, severity="error")


@pytest.mark.parametrize(
    "texts",
    [
        {"patent_product_revenue": ("300", "500", "1800")},
        {"rd_staff": "350", "ip_staff_full": "0"},
        {"core_staff": "60", "core_trained": "60"},
        {"patents_implemented": "16"},
        {"founded_on": "2026-11-24"},
        {"cert_expiry": "2026-11-24", "cert_state": "valid"},
        {"cert_edition": "e2023", "cert_state": "valid"},
        {"rd_staff": "351", "staff": "不适用"},
    ],
)
def test_what_just_fits_is_no_error(texts):
    assert problems_of(texts, severity="error") == set()


def test_granted_above_closed_shows_where_it_can_be_mended():
    texts = {
        "inventions_granted": ("1", "1", "3"),
        "utility_models_granted": ("0", "0", "0"),
        "designs_granted": ("无", "无", "无"),
        "patents_closed": ("1", "1", "2"),
    }
    sheet = sheet_of({**SOUND, **texts})
    [problem] = [
        p for p in check_sheet(sheet, as_of=AS_OF) if p.code == "above_patents_closed"
    ]
    assert (problem.slot, problem.year) == ("patents_closed_y0", YEAR)
    assert "3" in problem.message["zh"]
    assert doubtful_slots((problem,)) == {
        "patents_closed_y0",
        "inventions_granted_y0",
        "utility_models_granted_y0",
        "designs_granted_y0",
    }


def test_before_the_end_of_the_transition_an_old_certificate_may_be_valid():
    texts = {"cert_edition": "e2013", "cert_state": "valid"}
    assert problems_of(texts, as_of=date(2025, 12, 31)) == set()


@pytest.mark.parametrize(
    ("texts", "code", "slot"),
    [
        ({"rd_cost": ("80", "90", "1100")}, "rd_share", "rd_ratio_y0"),
        ({"rd_cost": ("80", "90", "1801")}, "above_revenue", "rd_cost_y0"),
        ({"revenue": ("1500", "4501", "1800")}, "jump", "revenue_y1"),
        ({"revenue": ("5500", "1650", "1800")}, "jump", "revenue_y1"),
        ({"revenue": ("1800", "1800", "1800")}, "all_the_same", "revenue_y0"),
        ({"patents_closed": ("10", "10", "10")}, "all_the_same", "patents_closed_y0"),
        (
            {"designs_filed": ("1", "1", "2"), "designs_granted": ("2", "2", "1")},
            "granted_above_filed",
            "designs_granted_y0",
        ),
        ({"ip_staff_full": "18"}, "many_ip_staff", "ip_staff_full"),
        ({"rd_staff": "349"}, "parts_above_staff", "rd_staff"),
        ({"founded_on": "1979-12-31"}, "founded_early", "founded_on"),
        ({"madrid_marks": "247"}, "unusual", "madrid_marks"),
        ({"well_known_marks": "11"}, "unusual", "well_known_marks"),
        (
            {"licences": "0", "licence_income": ("1", "0", "0")},
            "amount_without_case",
            "licences",
        ),
        (
            {"cert_edition": "none", "cert_number": "165IP182034R0M"},
            "cert_without",
            "cert_number",
        ),
        ({"cert_number": "165182034R0M"}, "cert_number_0", "cert_number"),
        ({"abnormal_operation": "是"}, "veto_row_missing", "abnormal_operation"),
        ({"infringement_final": "1"}, "veto_row_missing", "infringement_final"),
    ],
)
def test_oddities_are_warnings(texts, code, slot):
    found = problems_of(texts)
    assert ("warning", code, slot) in found
    assert all(severity == "warning" for severity, _code, _slot in found)


@pytest.mark.parametrize(
    "texts",
    [
        {"rd_cost": ("80", "90", "0"), "patent_product_revenue": ("1", "2", "3")},
        {"inventions_filed": ("9", "9", "9")},
        {"profit": ("0", "0", "0")},
        {"ip_staff_full": "17"},
        {"staff": "15", "rd_staff": "2", "ip_staff_full": "1"},
        {"madrid_marks": "246"},
        {"revenue": ("600", "1800", "1801")},
        {"abnormal_operation": "否", "infringement_final": "0"},
        {"licences": "无", "licence_income": ("无", "无", "无")},
    ],
)
def test_what_is_not_odd(texts):
    assert problems_of(texts) == set()


def test_ip_cost_above_rd_cost_is_odd():
    kinds = ("strategy", "filing", "upkeep", "litigation", "search", "training")
    texts = {f"ip_cost_{kind}": ("0", "0", "0") for kind in kinds}
    texts |= {"ip_cost_reward": ("1", "2", "101")}
    assert problems_of(texts) == {("warning", "above_rd_cost", "ip_cost_y0")}


def test_a_listed_matter_needs_no_warning():
    assert problems_of({"infringement_final": "1"}, vetoes=(VETO,)) == set()


def test_dates_of_vetoes():
    late = Veto("tax_evasion", "税务局", "1号", "2026-12-01")
    turned = Veto("tax_evasion", "税务局", "1号", "2026-01-01", "2025-01-01")
    assert problems_of(vetoes=(VETO, late)) == {("error", "future_date", "vetoes/1")}
    assert problems_of(vetoes=(turned,)) == {("error", "dates_reversed", "vetoes/0")}


def listed(*numbers, kind="invention"):
    return tuple(RightItem(kind, number) for number in numbers)


def test_a_longer_list_than_the_figure_is_odd_a_shorter_one_is_told():
    two = listed("201310699744.2", "201810123456.5")
    assert problems_of({"inventions_valid": "1"}, rights=two) == {
        ("warning", "list_differs", "inventions_valid")
    }
    assert problems_of(rights=two) == {("info", "list_differs", "inventions_valid")}
    assert problems_of({"inventions_valid": "2"}, rights=two) == set()


def test_numbers_that_cant_be_valid_are_errors():
    old, new = listed("95115608.X"), listed("201310699744.2")
    texts = {"inventions_valid": "1"}
    assert problems_of(texts, rights=old) == {
        ("error", "right_expired", "rights/95115608.X")
    }
    assert problems_of(texts, rights=new, year=2012) == {
        ("error", "filed_later", "rights/201310699744.2")
    }
    assert problems_of(texts, rights=listed("201310699744.3")) == {
        ("error", "patent_check_digit", "rights/201310699744.3")
    }


def test_open_optional_fields_are_told_once_a_group():
    found = check_sheet(sheet_of(SOUND), as_of=AS_OF)
    groups = [p for p in found if p.code == "optional_open"]
    assert {p.severity for p in groups} == {"info"}
    assert len(groups) == 9
    full = [p.slot for p in groups if p.slot == "founded_on"]
    assert full == []


def test_problems_come_in_the_order_of_the_sheet():
    found = check_sheet(
        sheet_of({**SOUND, "rd_staff": "400", "madrid_marks": "500"}), as_of=AS_OF
    )
    slots = [p.slot for p in found if p.severity != "info"]
    assert slots == ["rd_staff", "madrid_marks"]
    assert found[0].key == "above_staff:rd_staff"
