"""Where an assessment's first answers come from, for the screens that tell it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from assessments.models import Answer, Assessment, Move
from question_bank.engine.definition import Bank, Localized
from question_bank.engine.migration import Relation
from question_bank.selectors import compiled_bank, pinned_sha256
from question_bank.versions import map_of


@dataclass(frozen=True)
class Kept:
    """An old answer as it was when the assessment was moved."""

    old_question: str
    state: str
    value: Any
    reason: str
    note: str
    document: str
    files: tuple[str, ...]

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Read what a move keeps."""
        return cls(
            old_question=data["old_question"],
            state=data["state"],
            value=data["value"],
            reason=data["reason"],
            note=data["note"],
            document=data["document"],
            files=tuple(data["files"]),
        )


@dataclass(frozen=True)
class KeptHint:
    """An old answer beside the new question it says something about."""

    question: str
    relation: Relation
    kept: Kept


@dataclass(frozen=True)
class Moved:
    """A move with the bank its old answers belong to.

    `notes` are what the authors of the map say about old questions.
    """

    move: Move
    bank_from: Bank
    hints: tuple[KeptHint, ...]
    left_behind: tuple[Kept, ...]
    notes: Mapping[str, Localized]

    @property
    def between_versions(self) -> bool:
        """Whether both assessments use versions of one bank."""
        return bool(self.move.source_version.bank == self.move.target_version.bank)

    @property
    def is_renewal(self) -> bool:
        """Whether it was asked again after a repair, or on the very same version."""
        same = self.move.source_version_id == self.move.target_version_id
        return same or any(hint.relation == "reopened" for hint in self.hints)


def move_of(assessment: Assessment) -> Move | None:
    """Return how the assessment came from another one, None when it did not."""
    rows = Move.objects.select_related(
        "source_version", "target_version", "stored_map"
    ).defer(
        "source_version__document", "target_version__document", "stored_map__document"
    )
    found: Move | None = rows.filter(assessment=assessment).first()
    return found


def waiting_count(assessment: Assessment) -> int:
    """Return how many carried answers nobody has confirmed yet."""
    rows = Answer.objects.filter(assessment=assessment, to_confirm=True)
    return rows.count()


def moved(assessment: Assessment) -> Moved | None:
    """Return the move that made the assessment, None when none did; one query."""
    move = move_of(assessment)
    if move is None:
        return None
    return Moved(
        move=move,
        bank_from=compiled_bank(pinned_sha256(move.source_version_id)),
        hints=tuple(
            KeptHint(hint["question"], hint["relation"], Kept.from_json(hint))
            for hint in move.hints
        ),
        left_behind=tuple(Kept.from_json(row) for row in move.left_behind),
        notes=_notes(move),
    )


def _notes(move: Move) -> dict[str, Localized]:
    if move.stored_map is None:
        return {}
    entries = map_of(move.stored_map).entries
    return {entry.source: entry.note for entry in entries if entry.note}
