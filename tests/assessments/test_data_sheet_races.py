"""Two first saves of a year at the same moment: one makes the sheet, none is lost."""

from collections.abc import Callable

import pytest
from django.db import connection

from accounts.models import Membership
from assessments.models import DataSheet, DataSheetEvent
from tests.accounts.test_races import at_once
from tests.assessments.data_sheets import save, typed

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="needs concurrent writers"
    ),
]


@pytest.mark.parametrize("_round", range(3))
def test_one_of_two_first_saves_makes_the_sheet(
    _round: int, owner: Membership, contributor: Membership
) -> None:
    def first_save(member: Membership, staff: str) -> Callable[[], object]:
        return lambda: save(member, typed(staff=staff))

    outcomes = at_once(first_save(owner, "350"), first_save(contributor, "360"))
    assert outcomes == ["done", "stale_revision"]
    assert (DataSheet.objects.count(), DataSheetEvent.objects.count()) == (1, 1)


@pytest.mark.parametrize("_round", range(3))
def test_saves_of_different_figures_are_both_kept(
    _round: int, owner: Membership, contributor: Membership
) -> None:
    save(owner, typed(staff="350"))
    outcomes = at_once(
        lambda: save(owner, typed(assets="1"), revision=1),
        lambda: save(contributor, typed(rd_staff="2"), revision=1),
    )
    assert outcomes == ["done", "done"]
    row = DataSheet.objects.get()
    assert (row.revision, set(row.values)) == (3, {"staff", "assets", "rd_staff"})
