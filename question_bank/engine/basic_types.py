"""The small types that every part of a bank is made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

Localized: TypeAlias = Mapping[str, str]
"""A text by locale: always "zh", normally also "en"."""

Tree: TypeAlias = tuple[Any, ...]
"""A rule as nested tuples: ("and", ("eq", ("q", "has_rd"), ("k", True)), …)."""

Number: TypeAlias = int | float
Certainty: TypeAlias = Literal["A", "B", "C"]
VerificationStatus: TypeAlias = Literal["verified", "to_verify"]
Modality: TypeAlias = Literal["required", "optional"]
Severity: TypeAlias = Literal["major", "minor", "observation"]
Strength: TypeAlias = Literal["said", "named", "attached", "sampled"]
Effort: TypeAlias = Literal["S", "M", "L"]
LooksAt: TypeAlias = Literal["document", "record", "interview", "site"]
CheckKind: TypeAlias = Literal["contradiction", "weak"]
Scheme: TypeAlias = Literal["conformity", "points"]
"""How a bank is scored: by conformity of requirements, or by points of indicators."""
Pending: TypeAlias = Literal["open", "blocks"]
"""What a veto is while an appeal against its finding is undecided."""

STRENGTHS: tuple[Strength, ...] = ("said", "named", "attached", "sampled")


@dataclass(frozen=True)
class Source:
    """How certain the requirement behind the question is."""

    status: VerificationStatus
