"""Everything a report or a result page says, as plain frozen values.

Built from the sealed record only: the stored scorecard, the plan derived from it,
the stored answers and the names of the evidence files. Texts come in the active
language, so build inside `translation.override`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

import segno
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from assessments.models import Answer, Assessment, Evidence
from assessments.selectors import Result
from question_bank.engine.answers import answer_from_json
from question_bank.engine.definition import Bank
from question_bank.engine.planning import Plan
from question_bank.engine.scorecard import Scorecard
from reports.answer_rows import (
    AnswerAppendix,
    EvidenceFile,
    StoredAnswer,
    answer_appendix,
)
from reports.findings import Findings, GateRow, findings, gate_rows
from reports.labels import ClauseLabel, Labels
from reports.repairs import Repairs, repairs
from reports.scores import (
    Chart,
    ClauseRow,
    Method,
    SectionRow,
    clause_rows,
    method,
    profile_chart,
    section_rows,
    untouched_clauses,
)
from reports.verdict import Verdict, verdict
from reports.verification import verify_url
from reports.wording import (
    code_words,
    day_words,
    hash_words,
    localized,
    replaced_words,
)


@dataclass(frozen=True)
class Seal:
    """What identifies the record behind the report."""

    enterprise: str
    credit_code: str
    edition: str
    bank_title: str
    bank_id: str
    bank_version: str
    bank_sha256: str
    answers_sha256: str
    record_sha256: str
    scorer_version: str
    reference_day: str
    submitted: str
    declared_by: str
    number: str


@dataclass(frozen=True)
class Verification:
    """How anybody checks that a paper is genuine."""

    code: str
    url: str
    qr: SafeString


@dataclass(frozen=True)
class Unverified:
    """How much of the bank nobody has checked against the originals yet."""

    clause_numbers: int
    clauses: int
    questions: int
    all_questions: int
    gates: tuple[str, ...]
    laws: tuple[str, ...]
    reviewed_by: str


@dataclass(frozen=True)
class ResultContent:
    """What the result page shows."""

    scheme: ClassVar[str] = "conformity"

    seal: Seal
    replaced: str
    verdict: Verdict
    gates: tuple[GateRow, ...]
    critical: tuple[GateRow, ...]
    findings: Findings
    sections: tuple[SectionRow, ...]
    clauses: tuple[ClauseRow, ...]
    untouched: tuple[ClauseLabel, ...]
    repairs: Repairs
    profile: Chart
    profile_narrow: Chart

    @property
    def critical_unmet(self) -> tuple[GateRow, ...]:
        """The critical items below their minimum or without an answer."""
        return tuple(row for row in self.critical if row.state != "passed")

    @property
    def critical_met(self) -> tuple[GateRow, ...]:
        """The critical items at their minimum or above."""
        return tuple(row for row in self.critical if row.state == "passed")


@dataclass(frozen=True)
class ReportContent(ResultContent):
    """What the PDF shows besides."""

    appendix: AnswerAppendix
    method: Method
    unverified: Unverified
    verification: Verification
    issued: str


@dataclass(frozen=True)
class Material:
    """The sealed record a content is built from."""

    seal: Seal
    bank: Bank
    card: Scorecard
    plan: Plan
    stored: dict[str, StoredAnswer]
    facts: Mapping[str, Any] = field(default_factory=dict)


def result_content(record: Material) -> ResultContent:
    """Return what the result page of a submitted assessment shows."""
    return _shared(record)


def content_of(record: Material, *, code: str, issued: datetime) -> ReportContent:
    """Return the whole content of a record, with the code that verifies it."""
    labels = Labels(record.bank)
    return ReportContent(
        **vars(_shared(record)),
        appendix=answer_appendix(record.bank, record.card, record.stored, labels),
        method=method(record.bank, record.card, labels),
        unverified=unverified(record.bank),
        verification=verification(code),
        issued=day_words(timezone.localtime(issued).date()),
    )


def _shared(record: Material) -> ResultContent:
    bank, card, plan = record.bank, record.card, record.plan
    labels = Labels(bank)
    gates, critical = gate_rows(bank, card, labels)
    return ResultContent(
        seal=record.seal,
        replaced=replaced_words(bank.superseded),
        verdict=verdict(bank, card, plan, labels),
        gates=gates,
        critical=critical,
        findings=findings(bank, card, plan, labels),
        sections=section_rows(bank, card),
        clauses=clause_rows(bank, card, labels),
        untouched=untouched_clauses(bank, card, labels),
        repairs=repairs(bank, card, plan, labels),
        profile=profile_chart(bank, card),
        profile_narrow=profile_chart(bank, card, width=340),
    )


def material(found: Result) -> Material:
    """Load what belongs to a sealed assessment; two queries."""
    return Material(
        seal=_seal(found.assessment, found.bank),
        bank=found.bank,
        card=found.scorecard,
        plan=found.plan,
        stored=_stored(found.assessment),
        facts=(found.assessment.facts or {}).get("facts", {}),
    )


def _seal(assessment: Assessment, bank: Bank) -> Seal:
    submitted = assessment.submitted_at
    name, position = assessment.declared_name, assessment.declared_position
    return Seal(
        enterprise=assessment.enterprise.name,
        credit_code=assessment.enterprise.credit_code,
        edition=bank.edition,
        bank_title=localized(bank.title),
        bank_id=bank.id,
        bank_version=bank.version,
        bank_sha256=assessment.bank_sha256,
        answers_sha256=assessment.answers_sha256,
        record_sha256=assessment.record_sha256,
        scorer_version=assessment.scorer_version,
        reference_day=day_words(assessment.reference_date),
        submitted=day_words(
            timezone.localtime(submitted).date() if submitted else None
        ),
        declared_by=_("%(name)s（%(position)s）")
        % {"name": name, "position": position},
        number=report_number(assessment),
    )


def report_number(assessment: Assessment) -> str:
    """Return the number an assessment is referred to by: its day and eight digits."""
    day = assessment.reference_date
    written = f"{day:%Y%m%d}" if day else "00000000"
    return f"{written}-{assessment.pk.hex[:8].upper()}"


def _stored(assessment: Assessment) -> dict[str, StoredAnswer]:
    files: dict[str, list[EvidenceFile]] = {}
    for file in Evidence.objects.filter(assessment=assessment).in_order():
        entry = EvidenceFile(file.name, hash_words(file.sha256))
        files.setdefault(file.question, []).append(entry)
    answers = Answer.objects.filter(assessment=assessment)
    stored = {
        row.question: _stored_answer(row, files.pop(row.question, ()))
        for row in answers
    }
    for question, left in files.items():
        stored[question] = StoredAnswer(None, files=tuple(left))
    return stored


def _stored_answer(row: Answer, files: Iterable[EvidenceFile]) -> StoredAnswer:
    data = row.engine_json()
    return StoredAnswer(
        answer=None if data is None else answer_from_json(data),
        note=row.note,
        document=row.document,
        files=tuple(files),
    )


def verification(code: str) -> Verification:
    """Return the code in groups, the address that checks it, and that as a QR code."""
    url = verify_url(code)
    drawing = segno.make(url, error="m", micro=False).svg_inline(
        scale=3, border=4, title=_("扫码核验本报告"), omitsize=True
    )
    # segno draws modules only; the title is our own text, the address isn't written.
    return Verification(code_words(code), url, mark_safe(drawing))  # noqa: S308


def unverified(bank: Bank) -> Unverified:
    """Return what of a bank still carries the mark “to verify”."""
    laws = {
        localized(law.text)
        for question in bank.questions
        for law in question.laws
        if law.status == "to_verify"
    }
    marked = [clause for clause in bank.clauses if clause.number_status == "to_verify"]
    open_questions = [q for q in bank.questions if q.source.status == "to_verify"]
    return Unverified(
        clause_numbers=len(marked),
        clauses=len(bank.clauses),
        questions=len(open_questions),
        all_questions=len(bank.questions),
        gates=tuple(
            localized(g.title) for g in bank.gates if g.source.status == "to_verify"
        ),
        laws=tuple(sorted(laws)),
        reviewed_by=bank.reviewed_by or "",
    )
