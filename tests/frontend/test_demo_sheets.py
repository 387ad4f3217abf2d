"""The demo's data sheets: one without fault, one with warnings, one contradicting."""

import pytest

from assessments.data_sheets import year_sheet
from assessments.models import DataSheet
from frontend.demo_sheets import SHEETS, fill_sheet
from tests.engine.data_sheets import AS_OF
from tests.fixtures_assessments import AT


@pytest.fixture
def filled(enterprise_owner):
    owners = {slug: enterprise_owner() for slug in SHEETS}
    for slug, owner in owners.items():
        fill_sheet(slug, owner.organisation, owner.user, AT)
    return {
        slug: year_sheet(owner.user, owner.organisation, 2025, as_of=AS_OF)
        for slug, owner in owners.items()
    }


def test_the_sheets_are_at_different_stages(filled):
    assert DataSheet.objects.count() == 3
    assert filled["a"].is_confirmed
    assert filled["a"].open_warnings == ()
    assert {p.code for p in filled["b"].open_warnings} == {"rd_share", "many_ip_staff"}
    assert filled["b"].errors == ()
    assert "above_revenue" in {p.code for p in filled["c"].errors}


def test_the_listed_numbers_are_as_many_as_typed(filled):
    sheet = filled["a"].sheet
    assert len(sheet.rights) == sheet.value("inventions_valid")
