"""What a mandate lets an agency see: the scope, as a value, and how scopes compare."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

FLAGS = ("evidence", "report", "data_sheet", "drafts")


@dataclass(frozen=True)
class Scope:
    """What may be read of one enterprise.

    `assessments` names them, None means all, those to come included. `sections`
    holds ids of the banks' sections, None means all. Evidence, reports, the data
    sheet and drafts are seen only when their flag says so. A report and a result
    speak of every section, so a scope of single sections shows neither.
    """

    assessments: frozenset[UUID] | None = None
    sections: frozenset[str] | None = None
    evidence: bool = False
    report: bool = False
    data_sheet: bool = False
    drafts: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether every section is seen, and with them results."""
        return self.sections is None

    def shows(self, section_id: str) -> bool:
        """Tell whether the questions of a section are seen."""
        return self.sections is None or section_id in self.sections

    def is_within(self, other: "Scope") -> bool:
        """Tell whether this scope shows nothing that `other` does not show."""
        return (
            _within(self.assessments, other.assessments)
            and _within(self.sections, other.sections)
            and all(getattr(other, flag) or not getattr(self, flag) for flag in FLAGS)
        )

    def to_json(self) -> dict[str, Any]:
        """Return the scope for the history and the API."""
        return {
            "assessments": _sorted(self.assessments),
            "sections": _sorted(self.sections),
            **{flag: getattr(self, flag) for flag in FLAGS},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Scope":
        """Return the scope written down by `to_json`."""
        named, sections = data["assessments"], data["sections"]
        return cls(
            assessments=None if named is None else frozenset(map(UUID, named)),
            sections=None if sections is None else frozenset(sections),
            **{flag: bool(data[flag]) for flag in FLAGS},
        )


OWN = Scope(evidence=True, report=True, data_sheet=True, drafts=True)
"""What an enterprise's own members see of it: everything."""


def _within(part: frozenset[Any] | None, whole: frozenset[Any] | None) -> bool:
    return whole is None or (part is not None and part <= whole)


def _sorted(values: frozenset[Any] | None) -> list[str] | None:
    return None if values is None else sorted(map(str, values))
