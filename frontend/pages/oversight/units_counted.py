"""Every unit behind a number: chosen, in words, and as a file."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from frontend.components import Tone
from frontend.pages.oversight.files import Sheet, Value
from frontend.pages.oversight.forms import shown_division
from frontend.pages.oversight.tables import Choice, Tag
from frontend.templatetags.texts import localized, short_date
from oversight.counting.advantage import Tier
from oversight.counting.lines import Line
from oversight.counting.plans import Indicator, Rule
from oversight.counting.reasons import Outcome
from oversight.divisions import divisions
from oversight.plan_standing import LineChoice

OF_CERTIFICATES = (Rule.FIRST_CERTIFICATIONS, Rule.CERTIFIED_SUBJECTS)
TONES: Mapping[Outcome, Tone] = {
    Outcome.COUNTED: "green",
    Outcome.NOT_COUNTED: "plain",
    Outcome.TO_VERIFY: "amber",
}
WIDTHS = (30, 22, 10, 40, 12, 14, 14, 20, 26, 40)


@dataclass(frozen=True)
class UnitRow:
    """One unit looked at, in texts."""

    name: str
    code: str
    outcome: Tag
    why: str
    day: str
    place: str
    category: str
    rests_on: str
    url: str
    flags: tuple[str, ...]


def outcome_words(outcome: Outcome) -> str:
    """Return an outcome in a word."""
    words = {
        Outcome.COUNTED: _("计入"),
        Outcome.NOT_COUNTED: _("未计"),
        Outcome.TO_VERIFY: _("待核"),
    }
    return words[outcome]


def line_choice(asked: QueryDict) -> LineChoice:
    """Return what a query string chooses; what does not exist chooses all."""
    year, outcome = asked.get("year", ""), asked.get("outcome", "")
    return LineChoice(
        year=int(year)
        if year.isascii() and year.isdigit() and len(year) == 4
        else None,
        outcome=Outcome(outcome) if outcome in list(Outcome) else None,
        division=asked.get("division", "")
        if asked.get("division") in divisions()
        else "",
    )


def line_choices(lines: Sequence[Line], chosen: LineChoice) -> tuple[Choice, ...]:
    """Return the selects: years, outcomes and places that occur."""
    years = sorted({line.year for line in lines}, reverse=True)
    places = {p for line in lines for p in (line.division, line.division_now) if p}
    return (
        Choice(
            "year",
            _("年份"),
            [(str(year), str(year)) for year in years],
            str(chosen.year or ""),
        ),
        Choice(
            "outcome",
            _("结论"),
            [(outcome.value, outcome_words(outcome)) for outcome in Outcome],
            chosen.outcome.value if chosen.outcome else "",
        ),
        Choice(
            "division",
            _("区市"),
            [(code, shown_division(code)) for code in divisions() if code in places],
            chosen.division,
        ),
    )


def unit_rows(indicator: Indicator, lines: Sequence[Line]) -> Iterator[UnitRow]:
    """Yield lines in words, with the link to what each rests on."""
    for line in lines:
        outcome = line.reason.outcome
        yield UnitRow(
            name=line.name or _("（未登记的单位）"),
            code=line.holder,
            outcome=Tag(outcome_words(outcome), TONES[outcome]),
            why=reason_words(line),
            day=short_date(line.on),
            place=place_words(line),
            category=category_words(line.category),
            rests_on=line.rests_on,
            url=record_url(indicator, line),
            flags=tuple(localized(flag.words) for flag in line.flags),
        )


def reason_words(line: Line) -> str:
    """Return why a unit is counted or not, without the outcome in front."""
    words = localized(line.reason.words).split(_("："), 1)[-1].strip()
    return f"{words}（{line.detail}）" if line.detail else words


def place_words(line: Line) -> str:
    """Return where the unit was, and what that place belongs to now."""
    if not line.division:
        return "–"
    then = shown_division(line.division)
    if line.division_now in ("", line.division):
        return then
    return _("%(then)s（现%(now)s）") % {
        "then": then,
        "now": shown_division(line.division_now),
    }


def category_words(category: str) -> str:
    """Return a tier or an edition in words."""
    tiers = {
        Tier.NATIONAL_DEMONSTRATION: _("国家示范"),
        Tier.NATIONAL_ADVANTAGE: _("国家优势"),
        Tier.PROVINCIAL: _("省级"),
        Tier.MUNICIPAL: _("市级"),
    }
    found = {tier.value: words for tier, words in tiers.items()}
    return found.get(category, category) or "–"


def record_url(indicator: Indicator, line: Line) -> str:
    """Return the page of the certificate or title a line rests on."""
    if not line.fact_id:
        return ""
    name = "certificate" if indicator.rule in OF_CERTIFICATES else "title"
    return reverse(f"register-{name}", args=[line.fact_id])


def sheet_of(indicator: Indicator, lines: Sequence[Line]) -> Sheet:
    """Return lines as a table of a file."""
    columns = (
        _("单位名称"), _("统一社会信用代码"), _("结论"), _("理由"), _("日期"),
        _("当时区划"), _("现行区划"), _("类别"), _("证书编号或文号"), _("提示"),
    )  # fmt: skip
    rows: list[tuple[Value, ...]] = [
        (
            line.name,
            line.holder,
            outcome_words(line.reason.outcome),
            reason_words(line),
            short_date(line.on),
            shown_division(line.division) if line.division else "",
            shown_division(line.division_now) if line.division_now else "",
            category_words(line.category),
            line.rests_on,
            _("；").join(localized(flag.words) for flag in line.flags),
        )
        for line in lines
    ]
    return Sheet(indicator.id, columns, rows, WIDTHS)
