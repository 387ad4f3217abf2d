"""Score every sealed assessment again from its pinned version and compare."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from uuid import UUID

from assessments.evaluation import evaluate_stored
from assessments.models import Assessment
from assessments.sealing import record_hash
from question_bank.engine.scorecard import Scorecard
from question_bank.engine.scoring import SCORER_VERSION


@dataclass(frozen=True)
class Rescored:
    """One sealed assessment: which parts come out differently now.

    `differences` names fields of the scorecard, `record` when the answers, notes or
    files are no longer what was sealed. `scorer_version` is the one it was sealed by.
    """

    assessment: UUID
    scorer_version: str
    differences: tuple[str, ...]

    @property
    def is_fault(self) -> bool:
        """Whether the same scorer no longer gives the sealed result."""
        same = self.scorer_version == SCORER_VERSION
        return bool(self.differences) and (same or "record" in self.differences)


def rescore() -> Iterator[Rescored]:
    """Yield every sealed assessment, scored again; nothing is written."""
    for assessment in Assessment.objects.submitted().iterator(chunk_size=50):
        yield _rescored(assessment)


def _rescored(assessment: Assessment) -> Rescored:
    sealed_at = assessment.submitted_at
    if sealed_at is None:
        raise ValueError("only a submitted assessment has a result")
    stored = Scorecard.from_json(assessment.scorecard or {})
    now = evaluate_stored(assessment, at=sealed_at).scorecard
    different = [
        field.name
        for field in fields(Scorecard)
        if getattr(stored, field.name) != getattr(now, field.name)
    ]
    if record_hash(assessment) != assessment.record_sha256:
        different.append("record")
    return Rescored(assessment.pk, assessment.scorer_version, tuple(different))
