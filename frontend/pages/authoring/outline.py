"""A draft as a tree: sections with their questions, clauses with what covers them.

Built from the source, so that a draft with faults can be seen and mended.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from frontend.pages.authoring.words import kind_words
from frontend.templatetags.texts import localized
from question_bank.drafting import Checked
from question_bank.source_tree import Source


@dataclass(frozen=True)
class Count:
    """How many errors and warnings lint found at a place."""

    errors: int = 0
    warnings: int = 0


@dataclass(frozen=True)
class QuestionRow:
    """One question in the tree."""

    id: str
    text: str
    kind: str
    weight: str
    clauses: tuple[str, ...]
    conditional: bool
    count: Count


@dataclass(frozen=True)
class SectionNode:
    """A section with its questions."""

    id: str
    title: str
    weight: str
    count: Count
    rows: tuple[QuestionRow, ...]


@dataclass(frozen=True)
class ClauseNode:
    """A clause with the questions that name it; only leaves must be covered."""

    key: str
    number: str
    title: str
    depth: int
    leaf: bool
    normative: bool
    to_verify: bool
    rows: tuple[QuestionRow, ...]
    count: Count

    @property
    def uncovered(self) -> bool:
        """Whether no question asks about a clause that has to be met."""
        return self.leaf and self.normative and not self.rows


def counts(found: Checked) -> Mapping[tuple[str, str], Count]:
    """Return errors and warnings by list and index, such as ("questions", "3")."""
    tally: dict[tuple[str, str], list[int]] = {}
    for problem in found.problems:
        head, _slash, rest = problem.path.partition("/")
        pair = tally.setdefault((head, rest.partition("/")[0]), [0, 0])
        pair[problem.severity == "warning"] += 1
    return {place: Count(*pair) for place, pair in tally.items()}


def question_rows(source: Source, found: Checked) -> tuple[QuestionRow, ...]:
    """Return every question as a row, in document order."""
    known, words = counts(found), kind_words()
    return tuple(
        _question_row(item, known.get(("questions", str(index)), Count()), words)
        for index, item in enumerate(_items(source, "questions"))
    )


def sections(
    source: Source, found: Checked, rows: Iterable[QuestionRow]
) -> tuple[SectionNode, ...]:
    """Return the sections in their order, and what stands in none of them last."""
    known = counts(found)
    by_section: dict[str, list[QuestionRow]] = {}
    for item, row in zip(_items(source, "questions"), rows, strict=True):
        by_section.setdefault(_text(item.get("section")), []).append(row)
    nodes = [
        SectionNode(
            id=_text(item.get("id")),
            title=localized(texts(item.get("title"))) or _text(item.get("id")),
            weight=_text(item.get("weight")),
            count=known.get(("sections", str(index)), Count()),
            rows=tuple(by_section.pop(_text(item.get("id")), ())),
        )
        for index, item in enumerate(_items(source, "sections"))
    ]
    lost = tuple(row for rows in by_section.values() for row in rows)
    if lost:
        nodes.append(SectionNode("", "", "", Count(), lost))
    return tuple(nodes)


def clauses(
    source: Source, found: Checked, rows: Iterable[QuestionRow]
) -> tuple[ClauseNode, ...]:
    """Return the clause tree as a list, parents first, with what covers each."""
    by_clause: dict[str, list[QuestionRow]] = {}
    for row in rows:
        for key in row.clauses:
            by_clause.setdefault(key, []).append(row)
    known = counts(found)
    items = _items(source, "clauses")
    parents = {_text(c.get("parent")) for c in items}
    depths: dict[str, int] = {"": -1}
    nodes = []
    for index, item in enumerate(items):
        key, parent = _text(item.get("key")), _text(item.get("parent"))
        depths[key] = min(depths.get(parent, -1) + 1, 4)
        nodes.append(
            ClauseNode(
                key=key,
                number=_text(item.get("number")),
                title=localized(texts(item.get("title"))),
                depth=depths[key],
                leaf=key not in parents,
                normative=_text(item.get("normative")) not in ("no", "false", "否"),
                to_verify=_text(item.get("certainty")) != "A",
                rows=tuple(by_clause.get(key, ())),
                count=known.get(("clauses", str(index)), Count()),
            )
        )
    return tuple(nodes)


def _question_row(
    item: Mapping[str, Any], count: Count, words: Mapping[str, str]
) -> QuestionRow:
    kind = _text(item.get("type"))
    clause = item.get("clause")
    return QuestionRow(
        id=_text(item.get("id")),
        text=localized(texts(item.get("text"))) or _text(item.get("id")),
        kind=words.get(kind, kind),
        weight=_text(item.get("weight")),
        clauses=tuple(map(_text, clause)) if isinstance(clause, list) else (),
        conditional=bool(item.get("applies_when")),
        count=count,
    )


def _items(source: Source, name: str) -> list[dict[str, Any]]:
    found = source.get(name)
    if not isinstance(found, list):
        return []
    return [item if isinstance(item, dict) else {} for item in found]


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""


def texts(value: Any) -> dict[str, str]:
    """Return a text by locale, whatever a file put there."""
    if not isinstance(value, dict):
        return {}
    return {key: text for key, text in value.items() if isinstance(text, str)}
