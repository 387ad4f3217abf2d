"""Small banks and sheets for tests, built in sight."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from question_bank.engine.answers import Answer, Answered, AnswerSheet, NotOccurred
from question_bank.engine.definition import (
    Band,
    Bank,
    Clause,
    Department,
    Evidence,
    Gate,
    Guidance,
    Kind,
    LevelAnchor,
    LevelMark,
    Policy,
    Question,
    Rule,
    Scale,
    Section,
    Wait,
)
from question_bank.engine.language import parse

AS_OF = date(2026, 11, 24)

SCALE = Scale(
    levels=tuple(
        LevelMark(i, {"zh": f"等级 {i}", "en": f"Level {i}"}) for i in range(5)
    ),
    points=(Fraction(0), Fraction(1, 5), Fraction(3, 5), Fraction(1), Fraction(1)),
    evidence_caps={
        "said": Fraction(3, 5),
        "named": Fraction(4, 5),
        "attached": Fraction(1),
        "sampled": Fraction(1),
    },
    conforming_level=3,
    nonconforming_below=2,
)

BANDS = (
    Band(
        "A",
        {"zh": "可申请", "en": "Ready"},
        {"zh": "可约审核", "en": "Book an audit"},
        Fraction(85),
        Fraction(85),
        0,
        Fraction(1, 10),
    ),
    Band(
        "B",
        {"zh": "基本就绪", "en": "Nearly"},
        {"zh": "先关轻微项", "en": "Close minors"},
        None,
        Fraction(75),
        0,
    ),
    Band(
        "C",
        {"zh": "需重点整改", "en": "Repair"},
        {"zh": "二至三个月", "en": "Months"},
        None,
        Fraction(60),
        2,
    ),
    Band(
        "D",
        {"zh": "未就绪", "en": "Not ready"},
        {"zh": "重新策划", "en": "Plan afresh"},
    ),
)
GATE_BAND = Band(
    "X",
    {"zh": "暂不可申请", "en": "Cannot apply"},
    {"zh": "前提未满足", "en": "Gate shut"},
)


def text(words: str) -> dict[str, str]:
    return {"zh": f"中文 {words}", "en": words}


def rule(source: str) -> Rule:
    return Rule(source, parse(source))


def question(question_id: str, section: str, **fields: Any) -> Question:
    """Return a level question of weight 1 unless told otherwise."""
    values: dict[str, Any] = {
        "clauses": (f"{section}-1",),
        "type": Kind.LEVEL,
        "text": text(question_id),
        "help": text("help"),
        "weight": Fraction(1),
        "departments": ("ip",),
    }
    values.update(fields)
    values["weight"] = Fraction(values["weight"])
    if values["type"] is Kind.LEVEL:
        values.setdefault(
            "levels", tuple(LevelAnchor(i, text(f"level {i}")) for i in range(5))
        )
        values.setdefault("evidence", (Evidence("doc", text("document"), 2),))
        values.setdefault("guidance", (Guidance(0, 2, text("do it"), "S", 2, "ip", 1),))
    if isinstance(values.get("applies_when"), str):
        values["applies_when"] = rule(values["applies_when"])
    if isinstance(values.get("rule"), str):
        values["rule"] = rule(values["rule"])
    return Question(id=question_id, section=section, **values)


def yesno(question_id: str, section: str, **fields: Any) -> Question:
    return question(question_id, section, **{"type": Kind.YESNO, "weight": 0, **fields})


def gate(gate_id: str, source: str, wait: Wait | None = None) -> Gate:
    return Gate(gate_id, text(gate_id), text("help"), rule(source), wait)


def bank(
    sections: Mapping[str, int | Fraction],
    questions: list[Question],
    **fields: Any,
) -> Bank:
    """Return a bank whose clauses are those that its questions name."""
    keys = [key for q in questions for key in q.clauses]
    values: dict[str, Any] = {
        "id": "test",
        "edition": "test",
        "version": "1.0.0",
        "locales": ("zh", "en"),
        "title": text("bank"),
        "summary": text("summary"),
        "scale": SCALE,
        "bands": BANDS,
        "gate_band": GATE_BAND,
        "policy": Policy(),
        "departments": (Department("ip", text("IP")),),
        "facts": (),
        "clauses": tuple(
            Clause(key, None, text(key), "C", "to_verify", None, True, True)
            for key in dict.fromkeys(keys)
        ),
        "sections": tuple(
            Section(key, text(key), Fraction(weight), key, True)
            for key, weight in sections.items()
        ),
        "questions": tuple(questions),
        "gates": (),
        "checks": (),
        "quick_scan": (),
    }
    values.update(fields)
    return Bank(**values)


def sheet(
    answers: Mapping[str, Any] | None = None, as_of: date = AS_OF, **fields: Any
) -> AnswerSheet:
    """Return a sheet; plain values are answers with that value."""
    kept: dict[str, Answer] = {
        key: value if _is_answer(value) else Answered(value)
        for key, value in (answers or {}).items()
    }
    return AnswerSheet(answers=kept, as_of=as_of, **fields)


def _is_answer(value: object) -> bool:
    return type(value).__module__ == NotOccurred.__module__
