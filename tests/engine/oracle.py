"""An independent, slow and plain formula for the scores: no code of the engine's.

Written from the description in docs/scoring.md: fractions throughout, one item at a
time, a naive evaluator for the rules that the strategies make.
"""

from fractions import Fraction
from typing import Any

POINTS = [Fraction(0), Fraction(1, 5), Fraction(3, 5), Fraction(1), Fraction(1)]
CAPS = {"said": Fraction(3, 5), "named": Fraction(4, 5)}


def truth(tree: Any, known: dict[str, Any]) -> bool | None:
    """Evaluate a rule; None is unknown."""
    operator, *operands = tree
    if operator == "and":
        values = [truth(part, known) for part in operands]
        return False if False in values else None if None in values else True
    if operator == "or":
        values = [truth(part, known) for part in operands]
        return True if True in values else None if None in values else False
    if operator == "not":
        value = truth(operands[0], known)
        return None if value is None else not value
    if operator == "answered":
        return operands[0][1] in known
    left, right = (_value(part, known) for part in operands)
    if left is None or right is None:
        return None
    return left == right if operator == "eq" else left >= right


def _value(tree: Any, known: dict[str, Any]) -> Any:
    if tree[0] == "q":
        return known.get(tree[1])
    if tree[0] == "coalesce":
        inner = _value(tree[1], known)
        return _value(tree[2], known) if inner is None else inner
    return tree[1]


def item_lines(bank: Any, sheet: Any) -> list[tuple[str, Fraction, Fraction, Fraction]]:
    """Return (section, weight, self share, evidenced share) of every item counted."""
    known: dict[str, Any] = {}
    lines = []
    weights = {section.id: section.weight for section in bank.sections}
    for question in bank.questions:
        rule = question.applies_when
        if rule is not None and truth(rule.tree, known) is not True:
            continue
        kind, value = _said(question, sheet)
        if kind in ("answered", "occurred_not") and value is not None:
            known[question.id] = value
        if kind == "unsure" and question.type == "level":
            known[question.id] = 0
        counts = question.type == "level" and question.modality == "required"
        if not counts or question.weight == 0 or weights[question.section] == 0:
            continue
        if kind == "none_of_ours":
            continue
        weight = question.weight / 2 if kind == "occurred_not" else question.weight
        share = POINTS[value] if value is not None and kind != "unsure" else Fraction(0)
        strength = sheet.strengths.get(question.id, "said")
        shown = min(share, CAPS.get(strength, Fraction(1)))
        lines.append((question.section, weight, share, shown))
    return lines


def _said(question: Any, sheet: Any) -> tuple[str, Any]:
    answer = sheet.answers.get(question.id)
    name = type(answer).__name__
    if name == "Answered":
        return "answered", answer.value
    if name == "DontKnow":
        return "unsure", None
    if name == "NotApplicable" and question.na.allowed:
        return "none_of_ours", None
    if name == "NotOccurred" and question.event_based:
        return "occurred_not", answer.value
    return "silent", None


def section_scores(bank: Any, sheet: Any) -> dict[str, tuple[Any, Any]]:
    """Return section → (self, evidenced) of 100, None where nothing counts."""
    result: dict[str, tuple[Any, Any]] = {}
    for section in bank.sections:
        if section.weight == 0:
            continue
        mine = [line for line in item_lines(bank, sheet) if line[0] == section.id]
        whole = sum((line[1] for line in mine), Fraction(0))
        if whole == 0:
            result[section.id] = (None, None)
        else:
            said = sum((w * share for _, w, share, _ in mine), Fraction(0))
            shown = sum((w * share for _, w, _, share in mine), Fraction(0))
            result[section.id] = (100 * said / whole, 100 * shown / whole)
    return result


def raw_totals(bank: Any, sheet: Any) -> tuple[Any, Any]:
    """Return the self and the evidenced total before caps."""
    scores = section_scores(bank, sheet)
    weights = {section.id: section.weight for section in bank.sections}
    counted = [key for key, (said, _) in scores.items() if said is not None]
    whole = sum((weights[key] for key in counted), Fraction(0))
    if whole == 0:
        return None, None
    return (
        sum((weights[k] * scores[k][0] for k in counted), Fraction(0)) / whole,
        sum((weights[k] * scores[k][1] for k in counted), Fraction(0)) / whole,
    )
