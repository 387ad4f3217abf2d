"""From an author's source data to a bank: shape, words and rule syntax are checked.

What the parts mean to each other (unknown ids, types in rules, gaps) is `lint`'s work.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from question_bank.engine.definition import (
    Band,
    Bank,
    Certainty,
    Change,
    Check,
    CheckKind,
    Clause,
    Department,
    Fact,
    Gate,
    Kind,
    LevelMark,
    Policy,
    Scale,
    Scheme,
    Section,
    Source,
    Superseded,
    VerificationStatus,
    Wait,
)
from question_bank.engine.indicator_source import (
    read_pass_line,
    read_round,
    read_veto,
)
from question_bank.engine.problems import Origins, Problem, Report
from question_bank.engine.question_source import (
    read_choices,
    read_question,
    read_source,
)
from question_bank.engine.source_node import Node


def parse_bank(
    source: Mapping[str, Any],
    origins: Origins,
    known_facts: Mapping[str, Fact] = MappingProxyType({}),
) -> tuple[Bank | None, tuple[Problem, ...]]:
    """Return the bank that `source` describes, and what is wrong with it.

    `source` is plain data whose scalars are strings: the keys of bank.yaml with
    `clauses` as a flat list (each with `parent`) and `questions` and `checks` of all
    sections in document order, each question with its `section`. A fact is written
    in full, or as the name of one of `known_facts`; `maps` may travel along and are
    passed by. The bank is None when there are errors.
    """
    report = Report(origins)
    root = Node(dict(source), "", report)
    root.fields(_BANK_REQUIRED, _BANK_ALLOWED)
    bank = _bank(root, known_facts)
    return (None if report.has_errors else bank), tuple(report.problems)


_CERTAINTIES: tuple[Certainty, ...] = ("A", "B", "C")
_STATUSES: tuple[VerificationStatus, ...] = ("verified", "to_verify")
_SCHEMES: tuple[Scheme, ...] = ("conformity", "points")
_CHECK_KINDS: tuple[CheckKind, ...] = ("contradiction", "weak")
_BANK_REQUIRED = frozenset(
    [
        "id",
        "edition",
        "version",
        "title",
        "summary",
        "departments",
        "scale",
        "bands",
        "gate_band",
        "clauses",
        "sections",
        "questions",
    ]
)
_BANK_ALLOWED = frozenset(
    [
        "locales",
        "policy",
        "facts",
        "gates",
        "checks",
        "quick_scan",
        "reviewed_by",
        "reviewed_on",
        "changelog",
        "scheme",
        "mark",
        "vetoes",
        "pass_lines",
        "round",
        "superseded",
        "maps",
    ]
)


def _bank(root: Node, known_facts: Mapping[str, Fact]) -> Bank:
    return Bank(
        id=root.at("id").text(),
        edition=root.at("edition").text(),
        version=root.at("version").text(),
        locales=root.at("locales").texts() or ("zh", "en"),
        title=root.at("title").localized(),
        summary=root.at("summary").localized(),
        scale=_scale(root.at("scale")),
        bands=tuple(_band(node) for node in root.at("bands").items()),
        gate_band=_band(root.at("gate_band")),
        policy=_policy(root.at("policy")),
        departments=tuple(_department(n) for n in root.at("departments").items()),
        facts=tuple(_fact(node, known_facts) for node in root.at("facts").items()),
        clauses=_clauses(root.at("clauses").items()),
        sections=tuple(_section(node) for node in root.at("sections").items()),
        questions=tuple(read_question(node) for node in root.at("questions").items()),
        gates=tuple(_gate(node) for node in root.at("gates").items()),
        checks=tuple(_check(node) for node in root.at("checks").items()),
        quick_scan=root.at("quick_scan").texts(),
        reviewed_by=root.at("reviewed_by").text() or None,
        reviewed_on=root.at("reviewed_on").text() or None,
        changelog=tuple(_change(node) for node in root.at("changelog").items()),
        scheme=root.at("scheme").one_of(_SCHEMES, "conformity"),
        mark=root.at("mark").maybe(Node.localized),
        vetoes=tuple(read_veto(node) for node in root.at("vetoes").items()),
        pass_lines=tuple(read_pass_line(n) for n in root.at("pass_lines").items()),
        round=root.at("round").maybe(read_round),
        superseded=root.at("superseded").maybe(_superseded),
    )


def _scale(node: Node) -> Scale:
    names = ("levels", "points", "evidence_caps")
    numbers = ("conforming_level", "nonconforming_below")
    node.fields(frozenset(names + numbers), frozenset())
    levels = [
        LevelMark(_level_number(key, mark), mark.localized())
        for key, mark in node.at("levels").pairs()
    ]
    caps = {key: cap.fraction() for key, cap in node.at("evidence_caps").pairs()}
    return Scale(
        levels=tuple(sorted(levels, key=lambda mark: mark.value)),
        points=tuple(point.fraction() for point in node.at("points").items()),
        evidence_caps=caps,
        conforming_level=node.at("conforming_level").integer(),
        nonconforming_below=node.at("nonconforming_below").integer(),
    )


def _level_number(key: str, node: Node) -> int:
    if not key.isdecimal():
        node.error("not_an_integer", "等级须为整数。", "A level is a whole number.")
        return 0
    return int(key)


def _band(node: Node) -> Band:
    conditions = frozenset(
        ("min_self", "min_evidenced", "max_major", "max_minor_share")
    )
    node.fields(frozenset(("id", "title", "meaning")), conditions)
    return Band(
        id=node.at("id").text(),
        title=node.at("title").localized(),
        meaning=node.at("meaning").localized(),
        min_self=node.at("min_self").maybe(Node.fraction),
        min_evidenced=node.at("min_evidenced").maybe(Node.fraction),
        max_major=node.at("max_major").maybe(Node.integer),
        max_minor_share=node.at("max_minor_share").maybe(Node.fraction),
    )


def _policy(node: Node) -> Policy:
    default = Policy()
    if node.missing:
        return default
    node.fields(frozenset(), frozenset(default.__dataclass_fields__))
    weak = node.at("weak_items_per_clause").maybe(Node.integer)
    return Policy(
        completeness_min=_or(node.at("completeness_min"), default.completeness_min),
        na_share_doubt=_or(node.at("na_share_doubt"), default.na_share_doubt),
        weak_items_per_clause=default.weak_items_per_clause if weak is None else weak,
        systemic_share=_or(node.at("systemic_share"), default.systemic_share),
        evidence_gap=_or(node.at("evidence_gap"), default.evidence_gap),
    )


def _or(node: Node, default: Any) -> Any:
    return default if node.missing else node.fraction()


def _department(node: Node) -> Department:
    node.fields(frozenset(("id", "title")), frozenset())
    return Department(node.at("id").text(), node.at("title").localized())


def _fact(node: Node, known: Mapping[str, Fact]) -> Fact:
    if isinstance(node.value, str):
        return _known_fact(node, known)
    node.fields(frozenset(("id", "type", "title")), frozenset(("unit", "choices")))
    return Fact(
        id=node.at("id").text(),
        type=node.at("type").one_of(tuple(Kind), Kind.TEXT),
        title=node.at("title").localized(),
        unit=node.at("unit").maybe(Node.localized),
        choices=read_choices(node.at("choices")),
    )


def _known_fact(node: Node, known: Mapping[str, Fact]) -> Fact:
    name = node.text()
    if name not in known:
        node.error(
            "unknown_fact",
            f"企业数据表没有 {name}。",
            f"The data sheet has no {name}.",
        )
        return Fact(name, Kind.TEXT, {})
    return known[name]


def _clauses(nodes: list[Node]) -> tuple[Clause, ...]:
    parents = {node.at("parent").text() for node in nodes}
    return tuple(_clause(node, parents) for node in nodes)


def _clause(node: Node, parents: set[str]) -> Clause:
    """An unverified number is the rule: only certainty A counts as verified."""
    node.fields(
        frozenset(("key", "title", "certainty")),
        frozenset(("number", "number_status", "parent", "normative")),
    )
    key = node.at("key").text()
    number = node.at("number").text() or None
    certainty = node.at("certainty").one_of(_CERTAINTIES, "C")
    known: VerificationStatus = (
        "verified" if certainty == "A" and number else "to_verify"
    )
    normative = node.at("normative")
    return Clause(
        key=key,
        number=number,
        title=node.at("title").localized(),
        certainty=certainty,
        number_status=node.at("number_status").one_of(_STATUSES, known),
        parent=node.at("parent").text() or None,
        leaf=key not in parents,
        normative=normative.missing or normative.boolean(),
    )


def _section(node: Node) -> Section:
    node.fields(
        frozenset(("id", "title", "weight", "chapter")),
        frozenset(("na_allowed", "bonus")),
    )
    return Section(
        id=node.at("id").text(),
        title=node.at("title").localized(),
        weight=node.at("weight").fraction(),
        chapter=node.at("chapter").text(),
        na_allowed=node.at("na_allowed").boolean(),
        bonus=node.at("bonus").boolean(),
    )


def _gate(node: Node) -> Gate:
    node.fields(
        frozenset(("id", "title", "help", "rule")),
        frozenset(("wait", "clause", "guidance", "source")),
    )
    return Gate(
        id=node.at("id").text(),
        title=node.at("title").localized(),
        help=node.at("help").localized(),
        rule=node.at("rule").rule(),
        wait=node.at("wait").maybe(_wait),
        clauses=node.at("clause").texts(),
        guidance=node.at("guidance").maybe(Node.localized),
        source=node.at("source").maybe(read_source) or Source("to_verify"),
    )


def _wait(node: Node) -> Wait:
    node.fields(frozenset(("question", "months")), frozenset())
    return Wait(node.at("question").text(), node.at("months").integer())


def _check(node: Node) -> Check:
    node.fields(frozenset(("id", "when", "kind", "questions", "text")), frozenset())
    return Check(
        id=node.at("id").text(),
        when=node.at("when").rule(),
        kind=node.at("kind").one_of(_CHECK_KINDS, "contradiction"),
        questions=node.at("questions").texts(),
        text=node.at("text").localized(),
    )


def _change(node: Node) -> Change:
    node.fields(frozenset(("version", "date", "text")), frozenset())
    return Change(
        version=node.at("version").text(),
        date=node.at("date").date(),
        text=node.at("text").localized(),
    )


def _superseded(node: Node) -> Superseded:
    node.fields(
        frozenset(("by", "on", "note", "status")),
        frozenset(("applications_until", "certificates_until")),
    )
    return Superseded(
        by=node.at("by").text(),
        on=node.at("on").date(),
        note=node.at("note").localized(),
        status=node.at("status").one_of(_STATUSES, "to_verify"),
        applications_until=node.at("applications_until").maybe(Node.date),
        certificates_until=node.at("certificates_until").maybe(Node.date),
    )
