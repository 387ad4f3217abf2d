"""Lint of guidance and evidence: every level below conforming has a way up."""

from question_bank.engine.definition import Bank, Guidance, Kind, Question
from question_bank.engine.lint_structure import require_unique
from question_bank.engine.problems import Report

_EFFORT_DAYS = {"S": (0, 3), "M": (4, 10), "L": (11, 10_000)}


def check_guidance(bank: Bank, question: Question, path: str, report: Report) -> None:
    """Check guidance and evidence of a question."""
    _check_evidence(bank, question, path, report)
    for advice in question.guidance:
        _check_advice(bank, advice, f"{path}/guidance", report)
    _check_overlap(question, path, report)
    if question.type is Kind.LEVEL:
        _check_coverage(bank, question, path, report)


def _check_evidence(bank: Bank, question: Question, path: str, report: Report) -> None:
    place = f"{path}/evidence"
    require_unique(
        [(f"{place}/{i}", item.id) for i, item in enumerate(question.evidence)], report
    )
    for index, item in enumerate(question.evidence):
        if not 1 <= item.required_from <= bank.scale.top:
            report.error(
                f"{place}/{index}/required_from",
                "required_from_range",
                {
                    "zh": f"required_from 须在 1 到 {bank.scale.top} 之间。",
                    "en": f"required_from lies between 1 and {bank.scale.top}.",
                },
            )
    if question.scored and question.type is Kind.LEVEL and not question.evidence:
        report.warning(
            path,
            "no_evidence",
            {"zh": "没有列证据。", "en": "No evidence is listed."},
        )


def _check_advice(bank: Bank, advice: Guidance, path: str, report: Report) -> None:
    sound = 0 <= advice.first <= advice.last <= bank.scale.top
    if not sound or advice.days < 0 or advice.weeks < 1:
        report.error(
            path,
            "guidance_range",
            {
                "zh": "等级段须由低到高且在尺度内，人天不为负，周数至少 1。",
                "en": "Levels ascend within the scale; days ≥ 0, weeks ≥ 1.",
            },
        )
    low, high = _EFFORT_DAYS[advice.effort]
    if not low <= advice.days <= high:
        report.warning(
            path,
            "effort_days",
            {
                "zh": f"工作量 {advice.effort} 与 {advice.days} 人天不一致。",
                "en": f"Effort {advice.effort} does not fit {advice.days} days.",
            },
            {
                "zh": "S 至多 3 人天，M 为 4–10，L 多于 10。",
                "en": "S is up to 3 person-days, M 4–10, L more than 10.",
            },
        )


def _check_overlap(question: Question, path: str, report: Report) -> None:
    covered: set[int] = set()
    for advice in question.guidance:
        levels = set(range(advice.first, advice.last + 1))
        if covered & levels:
            report.error(
                f"{path}/guidance",
                "guidance_overlap",
                {"zh": "等级段重叠。", "en": "The level ranges overlap."},
            )
        covered |= levels


def _check_coverage(bank: Bank, question: Question, path: str, report: Report) -> None:
    wanted = range(bank.scale.conforming_level)
    gaps = [
        level
        for level in wanted
        if not any(a.first <= level <= a.last for a in question.guidance)
    ]
    if not question.guidance:
        report.warning(
            path,
            "guidance_missing",
            {"zh": "没有整改建议。", "en": "There is no guidance."},
        )
    elif gaps:
        listed = ", ".join(str(level) for level in gaps)
        report.warning(
            f"{path}/guidance",
            "guidance_gap",
            {
                "zh": f"等级 {listed} 没有整改建议。",
                "en": f"No guidance for level {listed}.",
            },
        )
