"""What the tables of a snapshot and their categories are called.

Tables hold codes: of reference data, of question banks, of agencies. Names are looked
up when something is shown, so that published bytes never change with a name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from accounts.models import Organisation
from oversight.counting.pipeline import STAGES
from oversight.disclosure.redesign import Line
from oversight.disclosure.scheme import SCORE_STEP, SCORES, STAYS
from oversight.disclosure.tables import Note, NoteCode, Table
from oversight.disclosure.words import note_words
from oversight.divisions import divisions
from oversight.groupings import groupings
from oversight.shown import Shown
from oversight.standing import STANDARD_BANKS
from question_bank.engine.basic_types import Localized
from question_bank.engine.definition import Bank
from question_bank.models import BankVersion
from question_bank.selectors import compiled_bank

Names = Mapping[str, Localized]

GAPS: Final = "gaps:"
AGENCY: Final = "agency"
AGENCY_CERTIFIED: Final = "agency_certified"
OTHERS: Final[Localized] = {"zh": "其他", "en": "others"}


@dataclass(frozen=True)
class Dimensions:
    """What a table is called, and what its rows and columns are categories of."""

    title: Localized
    rows: str
    columns: str = ""


@dataclass(frozen=True)
class Categories:
    """Names of categories by kind and code. What nobody can name keeps its code."""

    names: Mapping[str, Names]
    numbers: Mapping[str, Mapping[str, str]]

    def name(self, kind: str, line: Line) -> Localized:
        """Return the name of a category, or of several that were merged."""
        if not line:
            return OTHERS
        found = [self._one(kind, code) for code in line]
        return {
            "zh": "、".join(name["zh"] for name in found),
            "en": ", ".join(name.get("en", name["zh"]) for name in found),
        }

    def number(self, kind: str, code: str) -> str:
        """Return the number of a clause in its standard, empty when nobody knows."""
        return self.numbers.get(kind, {}).get(code, "")

    def note(self, table: Table, note: Note) -> Localized:
        """Return what a note says, with names for codes."""
        if note.code is not NoteCode.MERGED:
            return note_words(note)
        of = dimensions(table.key)
        kind = of.rows if note.categories in table.rows else of.columns
        named = [self._one(kind, code) for code in note.categories]
        return {
            language: note_words(
                Note(note.code, None, tuple(n.get(language, n["zh"]) for n in named))
            )[language]
            for language in ("zh", "en")
        }

    def _one(self, kind: str, code: str) -> Localized:
        return self.names.get(kind, {}).get(code) or {"zh": code, "en": code}


def categories(shown: Iterable[Shown]) -> Categories:
    """Return the names for what some snapshots show; two queries."""
    banks = _newest_banks()
    groups = groupings()
    names: dict[str, Names] = {
        "stage": {stage.value: stage.words for stage in STAGES},
        "days": _days(),
        "district": {code: place.names for code, place in divisions().items()},
        "zone": groups.zones,
        "industry": groups.industries,
        "size": groups.sizes,
        "band": _bands(banks),
        "score": _scores(),
        "edition": {
            bank.id: {"zh": bank.edition, "en": bank.edition} for bank in banks
        },
        AGENCY: _agencies(shown),
    }
    for bank in banks:
        names[GAPS + bank.id] = {clause.key: clause.title for clause in bank.clauses}
    numbers = {
        GAPS + bank.id: {clause.key: clause.number or "" for clause in bank.clauses}
        for bank in banks
    }
    return Categories(names, numbers)


def dimensions(key: str) -> Dimensions:
    """Return what a table of the menu is about."""
    if key.startswith(GAPS):
        return Dimensions(_TITLES_OF_GAPS, key)
    return TABLES[key]


def _newest_banks() -> list[Bank]:
    """Return the newest published version of each bank of the standard; one query."""
    stored = BankVersion.objects.filter(bank__in=STANDARD_BANKS).exclude(status="draft")
    newest = dict(stored.order_by("pk").values_list("bank", "sha256"))
    return [compiled_bank(newest[bank]) for bank in STANDARD_BANKS if bank in newest]


def _bands(banks: list[Bank]) -> Names:
    """Return the bands; those of the current edition, which comes first, win."""
    found: dict[str, Localized] = {}
    for bank in banks:
        for band in (*bank.bands, bank.gate_band):
            found.setdefault(band.id, band.title)
    return found


def _agencies(shown: Iterable[Shown]) -> Names:
    tables = [table for one in shown for table in one.tables if table.key == AGENCY]
    wanted = {code for table in tables for row in table.rows for code in row}
    if not wanted:
        return {}
    rows = Organisation.objects.filter(pk__in=wanted).order_by("pk")
    return {
        str(pk): {"zh": name, "en": name} for pk, name in rows.values_list("pk", "name")
    }


def _days() -> Names:
    found: dict[str, Localized] = {}
    for low, after in pairwise(STAYS):
        span = f"{low}–{int(after) - 1}"
        found[low] = {"zh": f"{span} 天", "en": f"{span} days"}
    found[STAYS[-1]] = {"zh": f"{STAYS[-1]} 天以上", "en": f"{STAYS[-1]} days and more"}
    return found


def _scores() -> Names:
    found: dict[str, Localized] = {}
    for low in SCORES:
        last = low == SCORES[-1]
        high = 100 if last else int(low) + SCORE_STEP - 1
        found[low] = {"zh": f"{low}–{high} 分", "en": f"{low}–{high} points"}
    return found


def _table(zh: str, en: str, rows: str, columns: str = "") -> Dimensions:
    return Dimensions({"zh": zh, "en": en}, rows, columns)


_TITLES_OF_GAPS: Final[Localized] = {
    "zh": "低于 2 级的企业最多的条款",
    "en": "Clauses most enterprises are below level 2 in",
}
TABLES: Final[Mapping[str, Dimensions]] = {
    "stage": _table("各阶段的企业", "Enterprises by stage", "stage"),
    "stay": _table(
        "走完各阶段用了多久", "How long finished stages took", "stage", "days"
    ),
    "wait": _table(
        "在现阶段已停留多久",
        "How long those in a stage have been there",
        "stage",
        "days",
    ),
    "district": _table(
        "已提交自评的企业，按区市",
        "Enterprises that submitted, by district",
        "district",
    ),
    "industry": _table(
        "已提交自评的企业，按行业组",
        "Enterprises that submitted, by industry",
        "industry",
    ),
    "size": _table(
        "已提交自评的企业，按规模", "Enterprises that submitted, by size", "size"
    ),
    "band": _table(
        "已提交自评的企业，按就绪等级", "Enterprises that submitted, by band", "band"
    ),
    "score": _table(
        "已提交自评的企业，按得分段", "Enterprises that submitted, by score", "score"
    ),
    "edition": _table(
        "已提交自评的企业，按标准版本",
        "Enterprises that submitted, by edition",
        "edition",
    ),
    "zone_industry": _table(
        "已提交自评的企业，片区与行业组",
        "Enterprises that submitted, by zone and industry",
        "zone",
        "industry",
    ),
    "zone_band": _table(
        "已提交自评的企业，片区与就绪等级",
        "Enterprises that submitted, by zone and band",
        "zone",
        "band",
    ),
    AGENCY: _table("服务机构的客户", "Clients of agencies", AGENCY),
    AGENCY_CERTIFIED: _table(
        "服务机构的客户中已获证的", "Certified clients of agencies", AGENCY
    ),
}
