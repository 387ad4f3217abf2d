"""Reading one question from an author's source data."""

import re
from fractions import Fraction

from question_bank.engine.definition import (
    Choice,
    Column,
    Effort,
    Evidence,
    Guidance,
    Kind,
    Law,
    LevelAnchor,
    LooksAt,
    Mandatory,
    Modality,
    NaPolicy,
    Point,
    Question,
    Severity,
    Source,
    VerificationStatus,
)
from question_bank.engine.source_node import Node

_REQUIRED = frozenset(("id", "section", "clause", "type", "text", "help", "weight"))
_ALLOWED = frozenset(
    [
        "modality",
        "looks_at",
        "mandatory",
        "event_based",
        "na",
        "applies_when",
        "departments",
        "levels",
        "evidence",
        "guidance",
        "after",
        "finding",
        "laws",
        "source",
        "unit",
        "min",
        "max",
        "integer",
        "optional",
        "choices",
        "points",
        "columns",
        "rule",
        "max_length",
        "prohibited",
        "stepped",
        "best_of",
        "expert",
        "suggest",
    ]
)

_LOOKS_AT: tuple[LooksAt, ...] = ("document", "record", "interview", "site")
_MODALITIES: tuple[Modality, ...] = ("required", "optional")
_SEVERITIES: tuple[Severity, ...] = ("major", "minor")
_EFFORTS: tuple[Effort, ...] = ("S", "M", "L")
_STATUSES: tuple[VerificationStatus, ...] = ("verified", "to_verify")
_RANGE = re.compile(r"(\d)(?:-(\d))?", re.ASCII)


def read_question(node: Node) -> Question:
    """Return the question that a node describes; faults are noted in its report."""
    node.fields(_REQUIRED, _ALLOWED)
    return Question(
        id=node.at("id").text(),
        section=node.at("section").text(),
        clauses=node.at("clause").texts(),
        type=node.at("type").one_of(tuple(Kind), Kind.TEXT),
        text=node.at("text").localized(),
        help=node.at("help").localized(),
        weight=node.at("weight").fraction(),
        modality=node.at("modality").one_of(_MODALITIES, "required"),
        looks_at=tuple(
            n.one_of(_LOOKS_AT, "document") for n in node.at("looks_at").items()
        ),
        mandatory=node.at("mandatory").maybe(_mandatory),
        event_based=node.at("event_based").boolean(),
        na=node.at("na").maybe(_na) or NaPolicy(),
        applies_when=node.at("applies_when").maybe(Node.rule),
        departments=node.at("departments").texts(),
        levels=_anchors(node.at("levels")),
        evidence=tuple(_evidence(n) for n in node.at("evidence").items()),
        guidance=_guidance_list(node.at("guidance")),
        after=node.at("after").texts(),
        finding=node.at("finding").maybe(Node.localized),
        laws=tuple(_law(n) for n in node.at("laws").items()),
        source=node.at("source").maybe(read_source) or Source("to_verify"),
        unit=node.at("unit").maybe(Node.localized),
        min=node.at("min").maybe(Node.number),
        max=node.at("max").maybe(Node.number),
        integer=node.at("integer").boolean(),
        optional=node.at("optional").boolean(),
        choices=read_choices(node.at("choices")),
        points=_points(node.at("points")),
        columns=tuple(_column(n) for n in node.at("columns").items()),
        rule=node.at("rule").maybe(Node.rule),
        max_length=node.at("max_length").maybe(Node.integer),
        prohibited=node.at("prohibited").boolean(),
        stepped=node.at("stepped").boolean(),
        best_of=node.at("best_of").text() or None,
        expert=node.at("expert").boolean(),
        suggest=node.at("suggest").maybe(Node.rule),
    )


def read_source(node: Node) -> Source:
    """Read {status: verified | to_verify}."""
    node.fields(frozenset(("status",)), frozenset())
    return Source(node.at("status").one_of(_STATUSES, "to_verify"))


def _mandatory(node: Node) -> Mandatory:
    node.fields(frozenset(("min_level",)), frozenset(("severity", "cap")))
    return Mandatory(
        min_level=node.at("min_level").integer(),
        severity=node.at("severity").one_of(_SEVERITIES, "major"),
        cap=node.at("cap").maybe(Node.fraction),
    )


def _na(node: Node) -> NaPolicy:
    node.fields(frozenset(("allowed",)), frozenset(("reviewer_confirms",)))
    return NaPolicy(
        allowed=node.at("allowed").boolean(),
        reviewer_confirms=node.at("reviewer_confirms").boolean(),
    )


def _anchors(node: Node) -> tuple[LevelAnchor, ...]:
    anchors = [
        LevelAnchor(_digit(key, text), text.localized()) for key, text in node.pairs()
    ]
    return tuple(sorted(anchors, key=lambda anchor: anchor.value))


def _digit(key: str, node: Node) -> int:
    if not _RANGE.fullmatch(key) or "-" in key:
        node.error("not_a_level", f"{key} 不是等级。", f"{key} is no level.")
        return 0
    return int(key)


def _evidence(node: Node) -> Evidence:
    node.fields(frozenset(("id", "text", "required_from")), frozenset())
    return Evidence(
        id=node.at("id").text(),
        text=node.at("text").localized(),
        required_from=node.at("required_from").integer(),
    )


def _guidance_list(node: Node) -> tuple[Guidance, ...]:
    advice = [_guidance(key, inner) for key, inner in node.pairs()]
    return tuple(sorted(advice, key=lambda one: (one.first, one.last)))


def _guidance(key: str, node: Node) -> Guidance:
    node.fields(
        frozenset(("effort", "days", "owner", "weeks")), frozenset(("zh", "en"))
    )
    match = _RANGE.fullmatch(key)
    if match is None:
        node.error(
            "not_a_level", f"{key} 不是等级或等级段。", f"{key} is no level range."
        )
    first, last = (match[1], match[2] or match[1]) if match else ("0", "0")
    texts = {locale: node.at(locale).text() for locale in ("zh", "en")}
    return Guidance(
        first=int(first),
        last=int(last),
        text={locale: text for locale, text in texts.items() if text},
        effort=node.at("effort").one_of(_EFFORTS, "M"),
        days=node.at("days").integer(),
        owner=node.at("owner").text(),
        weeks=node.at("weeks").integer(),
    )


def _law(node: Node) -> Law:
    node.fields(frozenset(("zh",)), frozenset(("en", "status")))
    texts = {locale: node.at(locale).text() for locale in ("zh", "en")}
    return Law(
        text={locale: text for locale, text in texts.items() if text},
        status=node.at("status").one_of(_STATUSES, "to_verify"),
    )


def read_choices(node: Node) -> tuple[Choice, ...]:
    """Read a list of choices."""
    return tuple(_choice(inner) for inner in node.items())


def _choice(node: Node) -> Choice:
    node.fields(frozenset(("id", "text")), frozenset(("points",)))
    return Choice(
        id=node.at("id").text(),
        text=node.at("text").localized(),
        points=node.at("points").maybe(Node.fraction),
    )


def _points(node: Node) -> tuple[Point, ...]:
    """Read {yes: 1, no: 0}, or [[x, points], …] in ascending order of x."""
    if isinstance(node.value, list):
        return tuple(_point(inner) for inner in node.items())
    at = {"yes": 1, "是": 1, "no": 0, "否": 0}
    found = []
    for key, inner in node.pairs():
        if key not in at:
            inner.error("unknown_key", "只可用 yes 和 no。", "Only yes and no.")
        else:
            found.append(Point(Fraction(at[key]), inner.fraction()))
    return tuple(sorted(found, key=lambda point: point.at))


def _point(node: Node) -> Point:
    pair = node.items()
    if len(pair) != 2:
        node.error("not_a_pair", "须为 [值, 得分]。", "Must be [value, points].")
        return Point(Fraction(0), Fraction(0))
    return Point(pair[0].fraction(), pair[1].fraction())


def _column(node: Node) -> Column:
    node.fields(frozenset(("id", "type", "text")), frozenset(("optional", "choices")))
    kinds = (Kind.NUMBER, Kind.TEXT, Kind.DATE, Kind.YESNO, Kind.CHOICE)
    return Column(
        id=node.at("id").text(),
        type=node.at("type").one_of(kinds, Kind.TEXT),
        text=node.at("text").localized(),
        optional=node.at("optional").boolean(),
        choices=read_choices(node.at("choices")),
    )
