"""What a certification body asks for with an application: checklists kept as data."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from question_bank.engine.definition import Certainty, Localized, VerificationStatus

FOLDER = Path(__file__).with_name("checklists")


@dataclass(frozen=True)
class Asked:
    """One thing asked for, how sure that is, and the bank's gate about it.

    `na` says whether it may not apply. Which bodies ask for it differs; `status`
    says whether anybody checked.
    """

    id: str
    title: Localized
    text: Localized
    certainty: Certainty
    status: VerificationStatus
    gate: str = ""
    na: bool = False


@lru_cache(maxsize=8)
def checklist(bank: str) -> tuple[Asked, ...]:
    """Return what is asked of applicants under a bank, () where nothing is known."""
    path = FOLDER / f"{bank}.yaml"
    # Bank ids are words; anything else has no checklist.
    if not bank.isidentifier() or not path.is_file():
        return ()
    data: dict[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return tuple(Asked(**item) for item in data["items"])
