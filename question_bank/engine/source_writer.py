"""From a bank back to the source data that its author would write.

The inverse of `parse_bank`: `parse_bank(bank_source(bank), {})` gives the same bank
again. What a key's absence stands for is left out. A new field of the model is one
more line in the table of its class.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from question_bank.engine.definition import (
    Band,
    Bank,
    Change,
    Check,
    Choice,
    Clause,
    Column,
    Department,
    Evidence,
    Fact,
    Gate,
    Guidance,
    Kind,
    Law,
    LevelAnchor,
    LevelMark,
    Mandatory,
    NaPolicy,
    PassLine,
    Policy,
    Question,
    Round,
    Rule,
    Scale,
    Section,
    Source,
    Superseded,
    Veto,
    Wait,
)

ALWAYS: Final = object()
"""Marks a key that is written whatever its value."""


class Key(NamedTuple):
    """How one attribute is written: `missing` is what the key's absence stands for.

    A key without a name spreads what it writes over the object around it.
    """

    name: str
    attribute: str
    write: Callable[[Any], Any]
    missing: Any = ALWAYS


def bank_source(
    bank: Bank, known_facts: Mapping[str, Fact] = MappingProxyType({})
) -> dict[str, Any]:
    """Return the plain data (all scalars strings) that `parse_bank` reads as `bank`.

    A fact that equals one of `known_facts` is named by its id alone. ValueError when
    the bank holds what source cannot say, such as two anchors for one level; lint
    finds such banks faulty too.
    """
    source = _object(bank)
    source["questions"] = [
        _question(written, question)
        for written, question in zip(source["questions"], bank.questions, strict=True)
    ]
    if bank.facts:
        source["facts"] = [
            fact.id if known_facts.get(fact.id) == fact else _object(fact)
            for fact in bank.facts
        ]
    return source


def _object(value: Any) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key in KEYS[type(value)]:
        inner = getattr(value, key.attribute)
        if key.missing is not ALWAYS and inner == key.missing:
            continue
        if key.name:
            data[key.name] = key.write(inner)
        else:
            data.update(key.write(inner))
    return data


def _objects(values: Iterable[Any]) -> list[dict[str, Any]]:
    return [_object(value) for value in values]


def _question(written: dict[str, Any], question: Question) -> dict[str, Any]:
    """Write the points of a yes/no question as {yes: 1, no: 0}, as authors do."""
    at = [point.at for point in question.points]
    if question.type is Kind.YESNO and at in ([0, 1], [0], [1]):
        words = {Fraction(1): "yes", Fraction(0): "no"}
        written["points"] = {
            words[point.at]: number_text(point.points)
            for point in reversed(question.points)
        }
    return written


def number_text(value: Fraction | int | float) -> str:
    """Return a number as authors write it: 0.2 when that is exact, else 1/3."""
    exact = Fraction(str(value)) if isinstance(value, float) else Fraction(value)
    twos, rest = _powers(exact.denominator, 2)
    fives, rest = _powers(rest, 5)
    if rest != 1:
        return str(exact)
    places = max(twos, fives)
    digits = str(abs(exact.numerator) * 10**places // exact.denominator)
    digits = digits.zfill(places + 1)
    cut = len(digits) - places
    sign, point = "-" if exact < 0 else "", "." if places else ""
    return f"{sign}{digits[:cut]}{point}{digits[cut:]}"


def _powers(number: int, prime: int) -> tuple[int, int]:
    """Return how often `prime` divides `number`, and what is left."""
    count = 0
    while number % prime == 0:
        number //= prime
        count += 1
    return count, number


def _text(value: object) -> str:
    return str(value)


def _texts(values: Iterable[str]) -> list[str]:
    return [str(value) for value in values]


def _localized(texts: Mapping[str, str]) -> dict[str, str]:
    return dict(texts)


def _yes_no(value: bool) -> str:  # noqa: FBT001 – a writer of values, not a switch
    return "yes" if value else "no"


def _date(value: date) -> str:
    return value.isoformat()


def _rule(rule: Rule) -> str:
    return rule.text


def _source(source: Source) -> dict[str, str]:
    return {"status": source.status}


def _numbers(values: Iterable[Fraction]) -> list[str]:
    return [number_text(value) for value in values]


def _caps(caps: Mapping[str, Fraction]) -> dict[str, str]:
    return {strength: number_text(cap) for strength, cap in caps.items()}


def _points(points: Iterable[Any]) -> list[list[str]]:
    return [[number_text(point.at), number_text(point.points)] for point in points]


def _marks(marks: Iterable[LevelMark]) -> dict[str, Any]:
    return _keyed((str(mark.value), _localized(mark.title)) for mark in marks)


def _anchors(anchors: Iterable[LevelAnchor]) -> dict[str, Any]:
    return _keyed((str(anchor.value), _localized(anchor.text)) for anchor in anchors)


def _guidance(advice: Iterable[Guidance]) -> dict[str, Any]:
    return _keyed((_range(one), _object(one)) for one in advice)


def _range(one: Guidance) -> str:
    return str(one.first) if one.first == one.last else f"{one.first}-{one.last}"


def _keyed(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for key, value in pairs:
        if key in data:
            raise ValueError(f"two entries for {key}")
        data[key] = value
    return data


def _clauses(clauses: Iterable[Clause]) -> list[dict[str, Any]]:
    return [_clause(clause) for clause in clauses]


def _clause(clause: Clause) -> dict[str, Any]:
    """Leave out the number's status where it follows from the certainty."""
    data = _object(clause)
    sure = clause.certainty == "A" and clause.number
    if clause.number_status == ("verified" if sure else "to_verify"):
        del data["number_status"]
    return data


_UNCHECKED: Final = Source("to_verify")

KEYS: Final[dict[type, tuple[Key, ...]]] = {
    Bank: (
        Key("id", "id", _text),
        Key("edition", "edition", _text),
        Key("version", "version", _text),
        Key("locales", "locales", _texts, ("zh", "en")),
        Key("title", "title", _localized),
        Key("summary", "summary", _localized),
        Key("mark", "mark", _localized, None),
        Key("superseded", "superseded", _object, None),
        Key("reviewed_by", "reviewed_by", _text, None),
        Key("reviewed_on", "reviewed_on", _text, None),
        Key("changelog", "changelog", _objects, ()),
        Key("departments", "departments", _objects),
        Key("facts", "facts", _objects, ()),
        Key("scheme", "scheme", _text, "conformity"),
        Key("scale", "scale", _object),
        Key("policy", "policy", _object, Policy()),
        Key("bands", "bands", _objects),
        Key("gate_band", "gate_band", _object),
        Key("gates", "gates", _objects, ()),
        Key("vetoes", "vetoes", _objects, ()),
        Key("pass_lines", "pass_lines", _objects, ()),
        Key("round", "round", _object, None),
        Key("clauses", "clauses", _clauses),
        Key("sections", "sections", _objects),
        Key("quick_scan", "quick_scan", _texts, ()),
        Key("questions", "questions", _objects),
        Key("checks", "checks", _objects, ()),
    ),
    Scale: (
        Key("levels", "levels", _marks),
        Key("points", "points", _numbers),
        Key("conforming_level", "conforming_level", number_text),
        Key("nonconforming_below", "nonconforming_below", number_text),
        Key("evidence_caps", "evidence_caps", _caps),
    ),
    Policy: (
        Key(
            "completeness_min", "completeness_min", number_text, Policy.completeness_min
        ),
        Key("na_share_doubt", "na_share_doubt", number_text, Policy.na_share_doubt),
        Key(
            "weak_items_per_clause",
            "weak_items_per_clause",
            number_text,
            Policy.weak_items_per_clause,
        ),
        Key("systemic_share", "systemic_share", number_text, Policy.systemic_share),
        Key("evidence_gap", "evidence_gap", number_text, Policy.evidence_gap),
    ),
    Band: (
        Key("id", "id", _text),
        Key("title", "title", _localized),
        Key("meaning", "meaning", _localized),
        Key("min_self", "min_self", number_text, None),
        Key("min_evidenced", "min_evidenced", number_text, None),
        Key("max_major", "max_major", number_text, None),
        Key("max_minor_share", "max_minor_share", number_text, None),
    ),
    Department: (Key("id", "id", _text), Key("title", "title", _localized)),
    Fact: (
        Key("id", "id", _text),
        Key("type", "type", _text),
        Key("title", "title", _localized),
        Key("unit", "unit", _localized, None),
        Key("choices", "choices", _objects, ()),
    ),
    Clause: (
        Key("key", "key", _text),
        Key("number", "number", _text, None),
        Key("title", "title", _localized),
        Key("certainty", "certainty", _text),
        Key("number_status", "number_status", _text),
        Key("normative", "normative", _yes_no, missing=True),
        Key("parent", "parent", _text, None),
    ),
    Section: (
        Key("id", "id", _text),
        Key("chapter", "chapter", _text),
        Key("title", "title", _localized),
        Key("weight", "weight", number_text),
        Key("na_allowed", "na_allowed", _yes_no, missing=False),
        Key("bonus", "bonus", _yes_no, missing=False),
    ),
    Question: (
        Key("id", "id", _text),
        Key("section", "section", _text),
        Key("clause", "clauses", _texts),
        Key("type", "type", _text),
        Key("text", "text", _localized),
        Key("help", "help", _localized),
        Key("unit", "unit", _localized, None),
        Key("min", "min", number_text, None),
        Key("max", "max", number_text, None),
        Key("integer", "integer", _yes_no, missing=False),
        Key("max_length", "max_length", number_text, None),
        Key("choices", "choices", _objects, ()),
        Key("columns", "columns", _objects, ()),
        Key("rule", "rule", _rule, None),
        Key("points", "points", _points, ()),
        Key("stepped", "stepped", _yes_no, missing=False),
        Key("best_of", "best_of", _text, None),
        Key("expert", "expert", _yes_no, missing=False),
        Key("suggest", "suggest", _rule, None),
        Key("weight", "weight", number_text),
        Key("modality", "modality", _text, "required"),
        Key("looks_at", "looks_at", _texts, ()),
        Key("mandatory", "mandatory", _object, None),
        Key("prohibited", "prohibited", _yes_no, missing=False),
        Key("event_based", "event_based", _yes_no, missing=False),
        Key("optional", "optional", _yes_no, missing=False),
        Key("na", "na", _object, NaPolicy()),
        Key("applies_when", "applies_when", _rule, None),
        Key("departments", "departments", _texts, ()),
        Key("after", "after", _texts, ()),
        Key("levels", "levels", _anchors, ()),
        Key("evidence", "evidence", _objects, ()),
        Key("guidance", "guidance", _guidance, ()),
        Key("finding", "finding", _localized, None),
        Key("laws", "laws", _objects, ()),
        Key("source", "source", _source, _UNCHECKED),
    ),
    Mandatory: (
        Key("min_level", "min_level", number_text),
        Key("severity", "severity", _text, "major"),
        Key("cap", "cap", number_text, None),
    ),
    NaPolicy: (
        Key("allowed", "allowed", _yes_no),
        Key("reviewer_confirms", "reviewer_confirms", _yes_no, missing=False),
    ),
    Evidence: (
        Key("id", "id", _text),
        Key("text", "text", _localized),
        Key("required_from", "required_from", number_text),
    ),
    Guidance: (
        Key("", "text", _localized),
        Key("effort", "effort", _text),
        Key("days", "days", number_text),
        Key("owner", "owner", _text),
        Key("weeks", "weeks", number_text),
    ),
    Law: (Key("", "text", _localized), Key("status", "status", _text, "to_verify")),
    Choice: (
        Key("id", "id", _text),
        Key("text", "text", _localized),
        Key("points", "points", number_text, None),
    ),
    Column: (
        Key("id", "id", _text),
        Key("type", "type", _text),
        Key("text", "text", _localized),
        Key("optional", "optional", _yes_no, missing=False),
        Key("choices", "choices", _objects, ()),
    ),
    Gate: (
        Key("id", "id", _text),
        Key("title", "title", _localized),
        Key("help", "help", _localized),
        Key("rule", "rule", _rule),
        Key("wait", "wait", _object, None),
        Key("clause", "clauses", _texts, ()),
        Key("guidance", "guidance", _localized, None),
        Key("source", "source", _source, _UNCHECKED),
    ),
    Wait: (
        Key("question", "question_id", _text),
        Key("months", "months", number_text),
    ),
    Veto: (
        Key("id", "id", _text),
        Key("title", "title", _localized),
        Key("help", "help", _localized),
        Key("kinds", "kinds", _texts),
        Key("months", "months", number_text),
        Key("pending", "pending", _text, "open"),
        Key("guidance", "guidance", _localized, None),
        Key("source", "source", _source, _UNCHECKED),
    ),
    PassLine: (
        Key("year", "year", number_text),
        Key("value", "value", number_text),
        Key("title", "title", _localized),
        Key("document", "document", _text, None),
        Key("source", "source", _source, _UNCHECKED),
    ),
    Round: (
        Key("excellent_share", "excellent_share", number_text, None),
        Key("quota", "quota", number_text, None),
        Key("district_quota", "district_quota", number_text, None),
        Key("quota_share", "quota_share", number_text, None),
    ),
    Superseded: (
        Key("by", "by", _text),
        Key("on", "on", _date),
        Key("applications_until", "applications_until", _date, None),
        Key("certificates_until", "certificates_until", _date, None),
        Key("note", "note", _localized),
        Key("status", "status", _text),
    ),
    Check: (
        Key("id", "id", _text),
        Key("when", "when", _rule),
        Key("kind", "kind", _text),
        Key("questions", "questions", _texts),
        Key("text", "text", _localized),
    ),
    Change: (
        Key("version", "version", _text),
        Key("date", "date", _date),
        Key("text", "text", _localized),
    ),
}
"""Every key of the source format in the order in which authors write it."""
