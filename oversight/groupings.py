"""How statistics group places, industries and sizes; from the reference data."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from question_bank.engine.basic_types import Localized
from question_bank.engine.size_class import parse_industry

_FILE = Path(__file__).parent / "reference" / "groupings.yaml"

UNKNOWN = "unknown"
"""The group of industries and sizes nobody gave."""


@dataclass(frozen=True)
class Groupings:
    """Groups in the order they are shown and merged in, with their names."""

    zones: Mapping[str, Localized]
    industries: Mapping[str, Localized]
    sizes: Mapping[str, Localized]
    zone_of_district: Mapping[str, str]
    industry_of_division: Mapping[int, str]

    def industry_of(self, code: str | None) -> str:
        """Return the group of a GB/T 4754-2017 code, `UNKNOWN` for none."""
        parsed = parse_industry(code) if code else None
        return self.industry_of_division[int(parsed[1:3])] if parsed else UNKNOWN


@cache
def groupings() -> Groupings:
    """Return the groups; read once."""
    data = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return Groupings(
        zones=_names(data["zones"]),
        industries=_names(data["industries"]),
        sizes=_names(data["sizes"]),
        zone_of_district={
            district: zone["id"]
            for zone in data["zones"]
            for district in zone["districts"]
        },
        industry_of_division={
            division: group["id"]
            for group in data["industries"]
            for first, last in group["divisions"]
            for division in range(first, last + 1)
        },
    )


def _names(rows: list[dict[str, Any]]) -> dict[str, Localized]:
    return {row["id"]: row["name"] for row in rows}
