"""Moving a full assessment to a reworded version of the real bank, and comparing."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.credit_code import complete
from accounts.models import Membership, Organisation, User
from accounts.rules import Kind, Role
from assessments.comparing import compare_assessments
from assessments.models import Assessment
from assessments.moving import outlook
from assessments.services import move_assessment, save_answer, start_assessment
from frontend.demo_answers import plausible_answers
from question_bank.engine.answers import answer_to_json
from question_bank.engine.definition import Bank
from question_bank.publishing import publish
from tools.bench.table import Figure

_T = TypeVar("_T")


def moving_figures(real: Bank) -> Iterator[Figure]:
    """Yield queries and times of a move and of what surrounds it."""
    at = timezone.now()
    source = _filled(replace(real, id="bench_moving"))
    reworded = tuple(
        replace(
            question, help={**question.help, "zh": f"{question.help['zh']}（修订）"}
        )
        for question in real.questions
    )
    newer = replace(real, id="bench_moving", version="99.0.0", questions=reworded)
    target = publish(bank=newer, at=at)
    _timed(lambda: outlook(source, target, at=at).scorecard)
    _found, preview = _timed(lambda: outlook(source, target, at=at).scorecard)
    with CaptureQueriesContext(connection) as queries:
        moved, taken = _timed(
            lambda: move_assessment(
                assessment_id=source.pk,
                target_version=target,
                actor=source.created_by,
                at=at,
            )
        )
    _compared, compared = _timed(lambda: compare_assessments(source, moved, at=at))
    yield Figure("preview of a move, real bank", preview, "ms", 100)
    yield Figure("move an assessment, real bank", taken, "ms", 200)
    yield Figure("SQL queries: move an assessment, real bank", len(queries), "", 24)
    yield Figure("compare two assessments, real bank", compared, "ms", 300)


def _filled(bank: Bank) -> Assessment:
    """Return a draft on `bank` with every question answered."""
    at = timezone.now()
    enterprise = Organisation.objects.create(
        kind=Kind.ENTERPRISE,
        name="测试企业（移植）",
        credit_code=complete("91370600", "MABEN0A0"),
        district="370602",
    )
    person = User.objects.create_user("bench-moving@example.com", "x" * 12)
    Membership.objects.create(user=person, organisation=enterprise, role=Role.OWNER)
    assessment = start_assessment(
        enterprise=enterprise,
        bank_version=publish(bank=bank, at=at),
        actor=person,
        at=at,
    )
    answers = plausible_answers(bank, seed="bench", quality=0.7, as_of=at.date())
    for question_id, answer in answers.items():
        save_answer(
            assessment_id=assessment.pk,
            question_id=question_id,
            data=answer_to_json(answer),
            revision=0,
            actor=person,
            at=at,
        )
    return assessment


def _timed(action: Callable[[], _T]) -> tuple[_T, float]:
    """Return what the action gives and the milliseconds it took."""
    started = time.perf_counter()
    found = action()
    return found, (time.perf_counter() - started) * 1000
