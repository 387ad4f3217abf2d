"""The hash of everything a sealed assessment says, not of what is scored alone."""

from hashlib import sha256
from typing import Any

from assessments.models import Answer, Assessment, Evidence
from question_bank.engine.codec import canonical_bytes

_ANSWER = ("question", "state", "value", "reason", "note", "document", "revision")
_EVIDENCE = ("question", "name", "sha256", "size")


def record_document(assessment: Assessment) -> dict[str, Any]:
    """Return answers, notes, documents, evidence and declaration; two queries."""
    answers = Answer.objects.filter(assessment=assessment).order_by("question")
    evidence = Evidence.objects.filter(assessment=assessment)
    return {
        "answers": list(answers.values(*_ANSWER)),
        "evidence": list(evidence.order_by("question", "sha256").values(*_EVIDENCE)),
        "declaration": [assessment.declared_name, assessment.declared_position],
    }


def record_hash(assessment: Assessment) -> str:
    """Return the SHA-256 hex digest of the record's canonical JSON."""
    return sha256(canonical_bytes(record_document(assessment))).hexdigest()
