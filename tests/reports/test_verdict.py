"""The first page of an edition that nobody can apply under any more."""

from dataclasses import replace
from datetime import date

import pytest

from question_bank.engine.planning import plan
from question_bank.engine.scoring import score
from reports.labels import Labels
from reports.verdict import Verdict, verdict
from tests.factories.sheets import AS_OF, plausible_sheet


def verdict_on(bank, quality=1.0) -> Verdict:
    sheet = plausible_sheet(bank, "a", quality)
    return verdict(bank, score(bank, sheet), plan(bank, sheet), Labels(bank))


@pytest.mark.parametrize("quality", [0.2, 1.0])
def test_nobody_is_told_to_apply_under_a_replaced_edition(old_edition, quality):
    found = verdict_on(old_edition, quality)
    assert found.sentence == found.band.meaning
    assert "申请" not in found.sentence or "2023 版" in found.sentence
    assert found.earliest == "不再受理"
    assert "已被取代" in found.earliest_why


def test_while_applications_are_accepted_the_day_is_told(old_edition):
    later = replace(old_edition.superseded, applications_until=date(2030, 1, 1))
    found = verdict_on(replace(old_edition, superseded=later))
    assert found.earliest == "2026年11月24日"


def test_without_a_last_day_the_day_of_replacement_counts(old_edition):
    undated = replace(old_edition.superseded, applications_until=None)
    assert verdict_on(replace(old_edition, superseded=undated)).earliest == "不再受理"
    future = replace(undated, on=date(2030, 1, 1))
    assert verdict_on(replace(old_edition, superseded=future)).earliest != "不再受理"


def test_the_current_edition_names_the_day(real_bank):
    found = verdict_on(real_bank)
    assert found.earliest == f"{AS_OF.year}年{AS_OF.month}月{AS_OF.day}日"
    assert "已被取代" not in found.earliest_why
