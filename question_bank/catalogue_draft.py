"""What a draft bank made of a control catalogue holds, in general words.

Anchors, evidence and advice fit any control, so the draft can be answered at once; an
expert replaces them by what one would really see.
"""

from copy import deepcopy
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from question_bank.catalogue_tree import (
    Control,
    Controls,
    clause_key,
    control_id,
    in_order,
    scored_sections,
    section_of,
)
from question_bank.engine.definition import Localized

_WHOLE: Final = "ALL"
_DEPARTMENT: Final = "responsible"


@dataclass(frozen=True)
class Draft:
    """What a catalogue does not say of the bank: its identity."""

    id: str
    title: Localized
    edition: str


def draft_source(controls: Controls, draft: Draft) -> dict[str, Any]:
    """Return the source data of a draft bank, as `parse_bank` takes it."""
    parents = {control.parent for control in controls.values()}
    ordered = list(in_order(controls))
    questions = [
        _question(control, section_of(controls, control), flat=_flat(controls))
        for control in ordered
        if control.id not in parents
    ]
    return {
        "id": draft.id,
        "edition": draft.edition,
        "version": "0.1.0",
        "title": dict(draft.title),
        "summary": _SUMMARY,
        "departments": [{"id": _DEPARTMENT, "title": _RESPONSIBLE}],
        "facts": [],
        "scale": _SCALE,
        "bands": _BANDS,
        "gate_band": _GATE_BAND,
        "clauses": [_clause(control) for control in ordered],
        "sections": _sections(controls, draft),
        # Each question has texts of its own, to be rewritten one by one.
        "questions": [deepcopy(question) for question in questions],
        "checks": [],
    }


def _clause(control: Control) -> dict[str, Any]:
    """Nobody has compared the catalogue with its source: certainty C."""
    clause: dict[str, Any] = {
        "key": clause_key(control.id),
        "number": control.id,
        "title": dict(control.title),
        "certainty": "C",
    }
    if control.parent is not None:
        clause["parent"] = clause_key(control.parent)
    return clause


def _flat(controls: Controls) -> bool:
    return all(control.parent is None for control in controls.values())


def _sections(controls: Controls, draft: Draft) -> list[dict[str, Any]]:
    """Return a section for each control of the top level; a mere list is one."""
    if _flat(controls):
        return [_section(_WHOLE, "", dict(draft.title), "1")]
    scored = scored_sections(controls)
    return [
        _section(
            clause_key(control.id),
            control.id,
            dict(control.title),
            control.weight or "1" if control.id in scored else "0",
        )
        for control in controls.values()
        if control.parent is None
    ]


def _section(key: str, chapter: str, title: Localized, weight: str) -> dict[str, Any]:
    return {"id": key, "chapter": chapter, "title": title, "weight": weight}


def _question(control: Control, top: Control, *, flat: bool) -> dict[str, Any]:
    # A lone control of the top level gave its weight to the section.
    weight = "1" if top is control and not flat else control.weight or "1"
    return {
        "id": control_id(control.id),
        "section": _WHOLE if flat else clause_key(top.id),
        "clause": [clause_key(control.id)],
        "type": "level",
        "text": _text(control.title),
        "help": dict(control.text) or _HELP,
        "weight": weight,
        "modality": "required" if Fraction(weight) > 0 else "optional",
        "looks_at": ["document", "record"],
        "departments": [_DEPARTMENT],
        "levels": _LEVELS,
        "evidence": _EVIDENCE,
        "guidance": _GUIDANCE,
        "source": {"status": "to_verify"},
    }


def _text(title: Localized) -> Localized:
    texts = {"zh": f"“{title['zh']}”做到了什么程度？"}
    if "en" in title:
        texts["en"] = f"How far is “{title['en']}” in place?"
    return texts


_SUMMARY = {
    "zh": "由控制目录生成的草稿题库，尚未经专家审阅。锚点、证据和整改建议是通用文字，"
    "权重和等级是本产品的设计，不是官方规则。",
    "en": "A draft bank made from a control catalogue, not reviewed by experts yet. "
    "Anchors, evidence and advice are general; weights and bands are this product's "
    "design, not official rules.",
}
_RESPONSIBLE = {"zh": "责任部门", "en": "Department responsible"}
_HELP = {
    "zh": "目录没有写明要求。请对照控制目录的原文判断，并记下依据。",
    "en": "The catalogue states no requirement. Judge by the catalogue's source and "
    "note on what grounds.",
}
_LEVELS = {
    "0": {
        "zh": "没有做，也没有人负责。",
        "en": "It is not done and nobody is responsible.",
    },
    "1": {
        "zh": "只有口头要求，或个别人零散在做，拿不出规定和记录。",
        "en": "Asked for orally or done by some people at times; there are neither "
        "rules nor records.",
    },
    "2": {
        "zh": "有成文规定但只覆盖一部分，或者在做但没有成文规定，抽查有遗漏。",
        "en": "Ruled in writing but covering a part only, or done without a written "
        "rule; sampling finds gaps.",
    },
    "3": {
        "zh": "规定经批准，覆盖全部适用的部门、人员和对象，"
        "近 12 个月记录完整，抽查无遗漏。",
        "en": "An approved rule covers every department, person and object concerned; "
        "records of the last 12 months are complete and sampling finds no gap.",
    },
    "4": {
        "zh": "在此基础上设有指标并按期监测，近一个周期内据结果做过改进。",
        "en": "On top of that, indicators are monitored on schedule and led to "
        "improvements within the last cycle.",
    },
}
_EVIDENCE = [
    {
        "id": "rule",
        "text": {"zh": "成文的规定", "en": "The written rule"},
        "required_from": "2",
    },
    {
        "id": "records",
        "text": {"zh": "近 12 个月的执行记录", "en": "Records of the last 12 months"},
        "required_from": "3",
    },
]
_GUIDANCE = {
    "0": {
        "zh": "指定责任人，对照要求写一份简短的规定，经批准后开始执行并留下记录。",
        "en": "Name a person responsible, write a short rule that meets the "
        "requirement, have it approved, start working by it and keep records.",
        "effort": "M",
        "days": "6",
        "owner": _DEPARTMENT,
        "weeks": "4",
    },
    "1-2": {
        "zh": "列出尚未覆盖的部门、人员和对象，逐项补上规定和记录，"
        "三个月后自行抽查一次。",
        "en": "List the departments, people and objects not covered yet, add rules and "
        "records one by one, and sample them yourselves after three months.",
        "effort": "S",
        "days": "3",
        "owner": _DEPARTMENT,
        "weeks": "4",
    },
}
_SCALE = {
    "levels": {
        "0": {"zh": "没有", "en": "Nothing in place"},
        "1": {"zh": "口头或零散", "en": "Oral or scattered"},
        "2": {
            "zh": "有规定但执行不全，或有执行无规定",
            "en": "Ruled but patchy, or done but not ruled",
        },
        "3": {
            "zh": "有规定、全覆盖、记录完整",
            "en": "Ruled, covering, recorded over the whole run",
        },
        "4": {"zh": "有指标监测并据此改进", "en": "Measured and improved"},
    },
    "points": ["0", "0.2", "0.6", "1", "1"],
    "conforming_level": "3",
    "nonconforming_below": "2",
    "evidence_caps": {"said": "0.6", "named": "0.8", "attached": "1", "sampled": "1"},
}
_BANDS = [
    {
        "id": "A",
        "title": {"zh": "全面落实", "en": "Fully in place"},
        "meaning": {
            "zh": "控制项普遍落实，没有严重问题。",
            "en": "Controls are in place throughout; no major findings.",
        },
        "min_self": "85",
        "min_evidenced": "85",
        "max_major": "0",
        "max_minor_share": "0.1",
    },
    {
        "id": "B",
        "title": {"zh": "基本落实", "en": "Mostly in place"},
        "meaning": {
            "zh": "没有严重问题，还有一般问题要关闭。",
            "en": "No major findings; minor ones remain to be closed.",
        },
        "min_evidenced": "75",
        "max_major": "0",
    },
    {
        "id": "C",
        "title": {"zh": "部分落实", "en": "Partly in place"},
        "meaning": {
            "zh": "有少数严重问题，或证据不足。",
            "en": "A few major findings, or too little evidence.",
        },
        "min_evidenced": "60",
        "max_major": "2",
    },
    {
        "id": "D",
        "title": {"zh": "尚未落实", "en": "Not in place"},
        "meaning": {
            "zh": "多数控制项还没有落实。",
            "en": "Most controls are not in place yet.",
        },
    },
]
_GATE_BAND = {
    "id": "X",
    "title": {"zh": "前提未满足", "en": "A precondition is not met"},
    "meaning": {
        "zh": "草稿没有设前提；设了以后，未满足时显示这一等级。",
        "en": "The draft sets no preconditions; once it does, this band shows when one "
        "is not met.",
    },
}
