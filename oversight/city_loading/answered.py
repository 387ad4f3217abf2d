"""Assessments of the model city: sealed with a short scorecard, figures and plans."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from hashlib import sha256
from typing import Any

from django.db.models import Model

from assessments.models import Assessment
from oversight.city.assessments import Assessment as Given
from oversight.city.journey import Journey, PathStage
from oversight.city.profile import ModelEnterprise
from oversight.city_loading.identity import Loading
from oversight.city_loading.questionnaires import AskedBank
from oversight.counting.facts import Standard
from oversight.models import SubmittedFigures
from question_bank.engine.scorecard import Scorecard
from reviews.models import ImprovementPlan

SCORER = "model-city"
"""The version of a scorer that there is not: nothing scores these again."""

BEGUN_BEFORE = timedelta(days=2)
STARTS_2023 = date(2024, 1, 1)

Banks = dict[Standard, AskedBank]


def answered_rows(
    enterprise: ModelEnterprise,
    journey: Journey,
    given: Sequence[Given],
    banks: Banks,
    loading: Loading,
) -> Iterator[Model]:
    """Yield all that one enterprise answered, and the plan it made of it."""
    begun = journey.day_of(PathStage.FILLING)
    if begun is None:
        return
    if not given:
        yield _draft(enterprise, begun, banks, loading)
        return
    for place, one in enumerate(given):
        started = begun if place == 0 else one.submitted_on - BEGUN_BEFORE
        yield from _sealed(one, started, banks[one.standard], loading)
    improved = journey.day_of(PathStage.IMPROVING)
    if improved is not None:
        yield _plan(given[0], improved, journey, loading)


def _draft(
    enterprise: ModelEnterprise, begun: date, banks: Banks, loading: Loading
) -> Model:
    edition = (
        Standard.ENTERPRISE_2013 if begun < STARTS_2023 else Standard.ENTERPRISE_2023
    )
    code = enterprise.credit_code
    return Assessment(
        id=loading.key("draft", code),
        enterprise_id=loading.key("enterprise", code),
        bank_version_id=banks[edition].version,
        created_by_id=loading.key("owner", code),
        created_at=loading.moment(begun),
    )


def _sealed(
    given: Given, started: date, asked: AskedBank, loading: Loading
) -> Iterator[Model]:
    """Yield a sealed assessment and its figures."""
    key = loading.key("assessment", given.id)
    enterprise = loading.key("enterprise", given.holder)
    person = loading.key("owner", given.holder)
    submitted_at = loading.moment(given.submitted_on)
    answers = sha256(given.levels).hexdigest()
    yield Assessment(
        id=key,
        enterprise_id=enterprise,
        bank_version_id=asked.version,
        status=Assessment.Status.SUBMITTED,
        created_by_id=person,
        created_at=loading.moment(started),
        submitted_by_id=person,
        submitted_at=submitted_at,
        reference_date=given.submitted_on,
        declared_name="示例声明人",
        answers_sha256=answers,
        record_sha256=answers,
        bank_sha256=asked.sha256,
        scorer_version=SCORER,
        band=given.band.value,
        scorecard=_scorecard(given, asked, answers),
    )
    yield SubmittedFigures(
        assessment_id=key,
        enterprise_id=enterprise,
        bank=asked.bank.id,
        edition=asked.bank.edition,
        submitted_at=submitted_at,
        submitted_on=given.submitted_on,
        band=given.band.value,
        points=Decimal(str(given.score)),
        gaps=asked.with_parents(given.gaps),
        levels=_levels(given) if loading.levels else {},
        seconds=given.seconds,
    )


def _levels(given: Given) -> dict[str, int]:
    questions = given.questionnaire.questions
    return {q.id: level for q, level in zip(questions, given.levels, strict=True)}


def _plan(first: Given, improved: date, journey: Journey, loading: Loading) -> Model:
    audited = journey.day_of(PathStage.AUDITED)
    return ImprovementPlan(
        assessment_id=loading.key("assessment", first.id),
        start_on=improved,
        created_by_id=loading.key("owner", first.holder),
        created_at=loading.moment(improved),
        system_start_on=journey.day_of(PathStage.RUNNING),
        audit_on=audited,
        review_on=audited,
        applied_on=journey.day_of(PathStage.APPLIED),
    )


def _scorecard(given: Given, asked: AskedBank, answers: str) -> dict[str, Any]:
    """Return a scorecard that says the totals and holds no item."""
    own, proven = f"{given.score:.1f}", f"{given.evidenced:.1f}"
    exact = dict.fromkeys(("self_score", "low", "high", "self_raw"), own)
    exact |= dict.fromkeys(("evidenced_score", "evidenced_raw"), proven)
    return {
        **_empty_scorecard(asked.sha256),
        **exact,
        "answers_sha256": answers,
        "as_of": given.submitted_on.isoformat(),
        "band": given.band.value,
        "display": {name: f"{text}0" for name, text in exact.items()}
        | {"maturity": None},
    }


@cache
def _empty_scorecard(bank: str) -> dict[str, Any]:
    """Return the scorecard of a bank without items, as JSON data."""
    zero, one = Fraction(0), Fraction(1)
    return Scorecard(
        bank_sha256=bank,
        answers_sha256="",
        scorer_version=SCORER,
        as_of=STARTS_2023,
        self_score=zero,
        evidenced_score=zero,
        low=zero,
        high=zero,
        maturity=None,
        self_raw=zero,
        evidenced_raw=zero,
        capped_by=(),
        band="",
        completeness=one,
        na_share=zero,
        minor_share=zero,
        sections=(),
        clauses=(),
        items=(),
        gates=(),
        findings=(),
        earliest_application=None,
        blocked_until_done=(),
        notes=(),
    ).to_json()
