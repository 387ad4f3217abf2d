"""What a finding against an enterprise is, as far as a veto asks."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

Appeal: TypeAlias = Literal["none", "pending", "succeeded", "lost"]


@dataclass(frozen=True)
class VetoRecord:
    """One finding against the enterprise: what, by whom, when, and its appeal.

    `effective_until` is the last day the finding itself names, if it names one.
    """

    kind: str
    finding_body: str
    document: str
    decided_on: date
    effective_until: date | None = None
    appeal: Appeal = "none"
