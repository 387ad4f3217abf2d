"""Reading a map between two banks and checking it against both.

Its source names, for each question of the old bank, what the new one asks instead.
"""

from collections.abc import Mapping
from typing import Any

from question_bank.engine.definition import Bank, Question
from question_bank.engine.migration import RELATIONS, BankMap, MapEntry, Relation
from question_bank.engine.problems import Origins, Problem, Report
from question_bank.engine.source_node import Node

_MAP = frozenset({"from", "to", "entries"})


def parse_map(
    source: Mapping[str, Any], origins: Origins
) -> tuple[BankMap | None, tuple[Problem, ...]]:
    """Return the map that `source` describes; None when there are errors.

    `source` is plain data whose scalars are strings, with `from`, `to` and `entries`.
    """
    report = Report(origins)
    root = Node(dict(source), "", report)
    root.fields(_MAP, frozenset())
    bank_map = BankMap(
        root.at("from").text(),
        root.at("to").text(),
        tuple(_entry(node) for node in root.at("entries").items()),
    )
    return (None if report.has_errors else bank_map), tuple(report.problems)


def _entry(node: Node) -> MapEntry:
    node.fields(frozenset({"from", "relation"}), frozenset({"to", "note"}))
    default: Relation = "related"
    entry = MapEntry(
        source=node.at("from").text(),
        relation=node.at("relation").one_of(RELATIONS, default),
        target=node.at("to").text() or None,
        note=node.at("note").localized() or None,
    )
    if entry.relation == "dropped" and entry.target is not None:
        node.at("to").error(
            "dropped_with_target", "dropped 不写 to。", "A dropped question has no to."
        )
    if entry.relation != "dropped" and entry.target is None:
        node.error("missing_key", "缺少 to。", "to is missing.")
    return entry


def lint_map(
    bank_map: BankMap, old: Bank, new: Bank, origins: Origins
) -> tuple[Problem, ...]:
    """Return what is wrong with a map between `old` and `new`."""
    report = Report(origins)
    for index, entry in enumerate(bank_map.entries):
        _check_ids(entry, old, new, f"entries/{index}", report)
        _check_same(entry, old, new, f"entries/{index}/relation", report)
    _check_repeats(bank_map, report)
    _check_taken_twice(bank_map, report)
    _check_contradictions(bank_map, report)
    _check_mentioned(bank_map, old, report)
    return tuple(report.problems)


def _check_ids(
    entry: MapEntry, old: Bank, new: Bank, path: str, report: Report
) -> None:
    if not old.has_question(entry.source):
        _unknown(old, entry.source, f"{path}/from", report)
    if entry.target is not None and not new.has_question(entry.target):
        _unknown(new, entry.target, f"{path}/to", report)


def _check_same(
    entry: MapEntry, old: Bank, new: Bank, path: str, report: Report
) -> None:
    """Report `same` between questions whose answers can't be the same."""
    if entry.relation != "same" or not old.has_question(entry.source):
        return
    if entry.target is None or not new.has_question(entry.target):
        return
    before, after = old.question(entry.source), new.question(entry.target)
    if before.type != after.type or not _codes(before) <= _codes(after):
        report.error(
            path,
            "same_does_not_fit",
            {
                "zh": f"{before.id} 与 {after.id} 的题型或选项不同，回答带不过去。",
                "en": f"Types or choices of {before.id} and {after.id} differ: "
                "answers can't be carried.",
            },
            {"zh": "用 related。", "en": "Write related."},
        )


def _codes(question: Question) -> frozenset[str]:
    return frozenset(choice.id for choice in question.choices)


def _unknown(bank: Bank, question_id: str, path: str, report: Report) -> None:
    report.error(
        path,
        "unknown_question",
        {
            "zh": f"题库 {bank.id} 没有题目 {question_id}。",
            "en": f"The bank {bank.id} has no question {question_id}.",
        },
    )


def _check_repeats(bank_map: BankMap, report: Report) -> None:
    seen: set[tuple[str, str | None]] = set()
    for index, entry in enumerate(bank_map.entries):
        pair = (entry.source, entry.target)
        if pair in seen:
            report.error(
                f"entries/{index}",
                "duplicate_entry",
                {
                    "zh": f"{entry.source} 到 {entry.target or '（无）'} 写了两次。",
                    "en": f"{entry.source} to {entry.target or 'none'} stands twice.",
                },
            )
        seen.add(pair)


def _check_taken_twice(bank_map: BankMap, report: Report) -> None:
    """Only one answer can be carried to a question; a second one would be lost."""
    taken: dict[str | None, str] = {}
    for index, entry in enumerate(bank_map.entries):
        if entry.relation != "same":
            continue
        first = taken.setdefault(entry.target, entry.source)
        if first != entry.source:
            report.error(
                f"entries/{index}/relation",
                "two_same",
                {
                    "zh": f"{entry.target} 已由 {first} 以 same 对应。",
                    "en": f"{first} is the same as {entry.target} already.",
                },
            )


def _check_contradictions(bank_map: BankMap, report: Report) -> None:
    kept = {e.source for e in bank_map.entries if e.relation != "dropped"}
    for index, entry in enumerate(bank_map.entries):
        if entry.relation == "dropped" and entry.source in kept:
            report.error(
                f"entries/{index}",
                "dropped_and_kept",
                {
                    "zh": f"{entry.source} 既写 dropped 又对应到新题。",
                    "en": f"{entry.source} is dropped and mapped at once.",
                },
            )


def _check_mentioned(bank_map: BankMap, old: Bank, report: Report) -> None:
    mentioned = {entry.source for entry in bank_map.entries}
    for question in old.questions:
        if question.id not in mentioned:
            report.error(
                "entries",
                "unmapped_question",
                {
                    "zh": f"旧题 {question.id} 没有出现；没有对应就写 dropped。",
                    "en": f"{question.id} is not mentioned; write dropped if nothing "
                    "asks it.",
                },
            )
