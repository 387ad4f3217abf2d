"""Plans and known figures out of plain data whose scalars are texts."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from oversight.counting.facts import Title
from oversight.counting.periods import parse_period
from oversight.counting.plans import (
    Baseline,
    Certainty,
    Change,
    Indicator,
    Kind,
    KnownFigure,
    Operator,
    Plan,
    Reading,
    Rule,
    RuleOptions,
    ScopeChange,
)
from question_bank.engine.basic_types import Localized
from question_bank.engine.problems import Origins, Report
from question_bank.engine.source_node import Node


def read_plan(data: Any, report: Report) -> Plan:
    """Return the plan of a file; what is wrong goes into the report."""
    node = Node(data, "", report)
    node.fields(_PLAN, frozenset(("note", "issued_on")))
    first, last = _years(node.at("years"))
    indicators = tuple(
        _indicator(entry, first, last) for entry in node.at("indicators").items()
    )
    return Plan(
        id=_id(node.at("id")),
        title=_both(node.at("title")),
        document=node.at("document").text(),
        issued_on=node.at("issued_on").maybe(Node.date),
        first_year=first,
        last_year=last,
        source=node.at("source").text(),
        certainty=_certainty(node.at("certainty")),
        indicators=indicators,
        note=node.at("note").maybe(_both),
    )


def read_figures(data: Any, report: Report) -> tuple[KnownFigure, ...]:
    """Return the known figures of a file."""
    node = Node(data, "", report)
    node.fields(frozenset(("figures",)), frozenset(("note",)))
    return tuple(_figure(entry) for entry in node.at("figures").items())


def report_for(places: Origins) -> Report:
    """Return an empty report that knows where everything stands."""
    return Report(places)


def _indicator(node: Node, first: int, last: int) -> Indicator:
    node.fields(_INDICATOR, _INDICATOR_OPTIONAL)
    if not node.at("years").missing:
        first, last = _years(node.at("years"))
    target = node.at("target")
    return Indicator(
        id=_id(node.at("id")),
        title=_both(node.at("title")),
        operator=node.at("operator").one_of(tuple(Operator), Operator.AT_LEAST),
        kind=node.at("kind").one_of(tuple(Kind), Kind.STOCK),
        unit=_both(node.at("unit")),
        first_year=first,
        last_year=last,
        rule=node.at("rule").one_of(tuple(Rule), Rule.SERIES),
        clause=_both(node.at("clause")),
        certainty=_certainty(node.at("certainty")),
        target=target.maybe(Node.fraction),
        each_year=node.at("each_year").boolean(),
        series=node.at("series").text(),
        baseline=node.at("baseline").maybe(_baseline),
        changes=tuple(_change(entry) for entry in node.at("changes").items()),
        readings=tuple(_reading(entry) for entry in node.at("readings").items()),
        options=_options(node.at("options")),
        note=node.at("note").maybe(_both),
    )


def _baseline(node: Node) -> Baseline:
    node.fields(frozenset(("value", "period", "certainty")), frozenset(("source",)))
    return Baseline(
        value=node.at("value").fraction(),
        period=_period(node.at("period")),
        certainty=_certainty(node.at("certainty")),
        source=node.at("source").text(),
    )


def _change(node: Node) -> ScopeChange:
    node.fields(frozenset(("change", "on", "note", "certainty")), frozenset())
    return ScopeChange(
        change=node.at("change").one_of(tuple(Change), Change.CHANGED),
        on=node.at("on").date(),
        note=_both(node.at("note")),
        certainty=_certainty(node.at("certainty")),
    )


def _reading(node: Node) -> Reading:
    node.fields(frozenset(("text",)), frozenset(("used", "rule")))
    return Reading(
        text=_both(node.at("text")),
        used=node.at("used").boolean(),
        rule=node.at("rule").maybe(_counting_rule),
    )


def _counting_rule(node: Node) -> Rule:
    counted = tuple(rule for rule in Rule if rule.counts)
    return node.one_of(counted, counted[0])


def _options(node: Node) -> RuleOptions:
    if node.missing or not node.fields(frozenset(), _OPTIONS):
        return RuleOptions()
    return RuleOptions(
        cooperatives=node.at("cooperatives").maybe(Node.boolean),
        group_members=node.at("group_members").boolean(),
        grace_days=node.at("grace_days").maybe(Node.integer),
        equivalents=_equivalents(node.at("equivalents")),
    )


def _equivalents(node: Node) -> Mapping[str, Title]:
    counted = (Title.ADVANTAGE, Title.DEMONSTRATION)
    return {name: item.one_of(counted, counted[0]) for name, item in node.pairs()}


def _figure(node: Node) -> KnownFigure:
    node.fields(_FIGURE, _FIGURE_OPTIONAL)
    return KnownFigure(
        id=_id(node.at("id")),
        title=_both(node.at("title")),
        period=_period(node.at("period")),
        value=node.at("value").fraction(),
        unit=_both(node.at("unit")),
        source=node.at("source").text(),
        certainty=_certainty(node.at("certainty")),
        indicator=node.at("indicator").text(),
        numerator=node.at("numerator").maybe(Node.fraction),
        denominator=node.at("denominator").maybe(Node.fraction),
        denominator_of=node.at("denominator_of").text(),
        note=node.at("note").maybe(_both),
    )


def _both(node: Node) -> Localized:
    """Return a text in both languages; either missing is an error."""
    texts = node.localized()
    for locale in ("zh", "en"):
        if not node.missing and not texts.get(locale):
            node.error(
                "missing_language",
                f"缺少 {locale} 文字。",
                f"The {locale} text is missing.",
                {"zh": "写作 {zh: …, en: …}。", "en": "Write {zh: …, en: …}."},
            )
    return texts


def _certainty(node: Node) -> Certainty:
    return node.one_of(tuple(Certainty), Certainty.OWN_LOW)


def _id(node: Node) -> str:
    text = node.text()
    if not node.missing and not _ID.fullmatch(text):
        node.error(
            "bad_id",
            f"编号 {text!r} 只能含字母、数字、连字符和下划线。",
            f"The id {text!r} may hold letters, digits, hyphens and underscores alone.",
        )
    return text


def _years(node: Node) -> tuple[int, int]:
    node.fields(frozenset(("first", "last")), frozenset())
    first, last = node.at("first").integer(), node.at("last").integer()
    if first > last:
        node.error(
            "years_reversed",
            "起始年晚于终止年。",
            "The first year is after the last.",
        )
    return first, max(first, last)


def _period(node: Node) -> str:
    text = node.text()
    try:
        parse_period(text)
    except ValueError:
        if not node.missing:
            node.error(
                "bad_period",
                f"{text!r} 不是期间。",
                f"{text!r} is no period.",
                {"zh": "写作 2017、2017Q3 或 2017-12。", "en": "Write 2017 or 2017Q3."},
            )
        return str(date.min.year)
    return text


_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)
_PLAN: Final = frozenset(
    ("id", "title", "document", "years", "source", "certainty", "indicators")
)
_INDICATOR: Final = frozenset(
    ("id", "title", "operator", "kind", "unit", "rule", "clause", "certainty")
)
_INDICATOR_OPTIONAL: Final = frozenset(
    (
        "target",
        "each_year",
        "series",
        "baseline",
        "changes",
        "readings",
        "options",
        "note",
        "years",
    )
)
_OPTIONS: Final = frozenset(
    ("cooperatives", "group_members", "grace_days", "equivalents")
)
_FIGURE: Final = frozenset(
    ("id", "title", "period", "value", "unit", "source", "certainty")
)
_FIGURE_OPTIONAL: Final = frozenset(
    ("indicator", "numerator", "denominator", "denominator_of", "note")
)
