"""Words of bulletins: names of categories, days, periods and drawn numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import get_language, gettext as _

from accounts.models import Organisation
from oversight.counting.periods import Grain, Period
from oversight.counting.pipeline import STAGES
from oversight.counting.wording import decimal_text
from oversight.disclosure.change_rule import K
from oversight.disclosure.scheme import SCORE_STEP, SCORES
from oversight.disclosure.tables import Entry, Note
from oversight.disclosure.words import note_words
from oversight.divisions import divisions
from oversight.groupings import groupings
from oversight.standing import STANDARD_BANKS
from question_bank.engine.basic_types import Localized
from question_bank.models import BankVersion
from question_bank.selectors import compiled_bank

MISSING = "–"
NUMERALS = "一二三四五六七八九十"


def is_english() -> bool:
    """Whether the active language is English."""
    return (get_language() or "").startswith("en")


def said(text: Mapping[str, str] | None) -> str:
    """Return a text of data in the active language."""
    if text is None:
        return ""
    return text["en"] if is_english() and text.get("en") else text["zh"]


def section_title(number: int, title: str) -> str:
    """Return "一、目标进度", or "1. Progress"."""
    if is_english():
        return f"{number}. {title}"
    return f"{NUMERALS[number - 1]}、{title}"


def part_title(number: int, title: str) -> str:
    """Return "（一）市级规划", or "(1) City plans"."""
    if is_english():
        return f"({number}) {title}"
    return f"（{NUMERALS[number - 1]}）{title}"


def day_words(day: date) -> str:
    """Return a day without zero padding: 2026年1月5日, 5 January 2026."""
    if is_english():
        return date_format(day, "j F Y")
    return f"{day.year}年{day.month}月{day.day}日"


def period_words(period: Period) -> str:
    """Return 2026年10月, 2026年, October 2026 or 2026."""
    first = period.first_day
    if period.grain is Grain.YEAR:
        return str(first.year) if is_english() else f"{first.year}年"
    return (
        date_format(first, "F Y") if is_english() else f"{first.year}年{first.month}月"
    )


def number_text(value: Fraction | int | None) -> str:
    """Return a number with at most two decimals; a missing one is a dash."""
    return MISSING if value is None else decimal_text(Fraction(value))


def percent_text(value: Fraction | None) -> str:
    """Return a number of per cent with one decimal; it is never capped."""
    return MISSING if value is None else f"{decimal_text(value, 1)}%"


def drawn_text(entry: Entry) -> str:
    """Return a published number: hidden ones as ‹5, kept ones with †."""
    if entry.value is None:
        return f"‹{K}"
    return f"{entry.value}†" if entry.held else str(entry.value)


def share_text(entry: Entry) -> str:
    """Return a published share."""
    return MISSING if entry.share is None else f"{entry.share}%"


def place_name(code: str) -> str:
    """Return the name of a division; "" is a place nobody knows."""
    found = divisions().get(code)
    return said(found.names) if found else code or _("所在地不详")


@dataclass(frozen=True)
class Names:
    """Names of the categories of published tables, by table."""

    of: Mapping[str, Mapping[str, Localized]]

    def line(self, kind: str, line: Iterable[str]) -> str:
        """Return the name of a category, or of several that were merged."""
        known = self.of.get(kind, {})
        found = [said(known[code]) if code in known else code for code in line]
        return str(_("、")).join(found) or _("其他")

    def note(self, kind: str, note: Note) -> str:
        """Return a note; merged categories by their names."""
        named = tuple(self.line(kind, (code,)) for code in note.categories)
        return said(note_words(replace(note, categories=named)))


def names() -> Names:
    """Return all names; one query for agencies, one for versions of banks."""
    groups = groupings()
    found: dict[str, Mapping[str, Localized]] = {
        "stage": {stage.value: stage.words for stage in STAGES},
        "district": {code: item.names for code, item in divisions().items()},
        "industry": groups.industries,
        "size": groups.sizes,
        "zone": groups.zones,
        "score": {low: _score_class(low) for low in SCORES},
        "agency": _agencies(),
    }
    return Names(found | _of_banks())


def _score_class(low: str) -> Localized:
    text = f"{low}–{int(low) + SCORE_STEP}"
    return {"zh": f"{text} 分", "en": text}


def _agencies() -> dict[str, Localized]:
    rows = Organisation.objects.filter(kind="agency").values_list("pk", "name")
    return {_key(pk): {"zh": name, "en": name} for pk, name in rows}


def _key(pk: UUID) -> str:
    return str(pk)


def _of_banks() -> dict[str, Mapping[str, Localized]]:
    """Return names of bands, editions and clauses; later versions win."""
    bands: dict[str, Localized] = {}
    editions: dict[str, Localized] = {}
    found: dict[str, Mapping[str, Localized]] = {"band": bands, "edition": editions}
    for name in STANDARD_BANKS:
        clauses: dict[str, Localized] = {}
        found[f"gaps:{name}"] = clauses
        stored = BankVersion.objects.filter(bank=name).exclude(status="draft")
        for sha256 in stored.order_by("pk").values_list("sha256", flat=True):
            bank = compiled_bank(sha256)
            editions[name] = {"zh": bank.edition, "en": bank.edition}
            for band in (*bank.bands, bank.gate_band):
                bands.setdefault(band.id, band.title)
            for clause in bank.clauses:
                clauses[clause.key] = {
                    key: f"{clause.number} {text}" for key, text in clause.title.items()
                }
    return found
