"""Lint of what each type of question needs, and what only some types may have."""

import re
from itertools import pairwise

from question_bank.engine.definition import Bank, Choice, Kind, Question
from question_bank.engine.lint_structure import require_unique
from question_bank.engine.problems import Report

_NUMERIC = (Kind.NUMBER, Kind.CALCULATED)
_CHOOSING = (Kind.CHOICE, Kind.CHOICES)
_SUGGESTED = (Kind.NUMBER, Kind.YESNO, Kind.DATE)
_CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,63}", re.ASCII)


def check_type(bank: Bank, question: Question, path: str, report: Report) -> None:
    """Check a question against its type."""
    _check_fields(question, path, report)
    if question.type is Kind.LEVEL:
        _check_anchors(bank, question, path, report)
    if question.type in _CHOOSING:
        _check_choices(question.choices, f"{path}/choices", report)
    if question.type is Kind.TABLE:
        _check_columns(question, path, report)
    if question.type is Kind.CALCULATED and question.rule is None:
        report.error(
            path,
            "no_rule",
            {"zh": "计算题须写 rule。", "en": "A calculated question needs a rule."},
        )
    if question.points:
        _check_points(question, f"{path}/points", report)
    _check_range(question, path, report)


def _check_fields(question: Question, path: str, report: Report) -> None:
    kind = question.type
    misplaced = (
        ("levels", question.levels and kind is not Kind.LEVEL),
        ("suggest", question.suggest and kind not in _SUGGESTED),
        ("choices", question.choices and kind not in _CHOOSING),
        ("columns", question.columns and kind is not Kind.TABLE),
        ("rule", question.rule and kind is not Kind.CALCULATED),
        ("min", question.min is not None and kind is not Kind.NUMBER),
        ("max", question.max is not None and kind is not Kind.NUMBER),
        ("integer", question.integer and kind is not Kind.NUMBER),
        ("unit", question.unit and kind not in _NUMERIC),
        ("max_length", question.max_length is not None and kind is not Kind.TEXT),
        ("points", question.points and kind not in (*_NUMERIC, Kind.YESNO)),
        ("prohibited", question.prohibited and kind is not Kind.YESNO),
    )
    for field, wrong in misplaced:
        if wrong:
            report.error(
                f"{path}/{field}",
                "field_not_for_type",
                {
                    "zh": f"{kind} 类题目不用 {field}。",
                    "en": f"A {kind} question has no {field}.",
                },
            )


def _check_anchors(bank: Bank, question: Question, path: str, report: Report) -> None:
    found = [anchor.value for anchor in question.levels]
    wanted = list(range(len(bank.scale.points)))
    if found != wanted:
        report.error(
            f"{path}/levels",
            "anchors",
            {
                "zh": f"须为每个等级写锚定描述：{wanted}，现有 {found}。",
                "en": f"Each level needs an anchor: {wanted}, not {found}.",
            },
        )


def _check_choices(choices: tuple[Choice, ...], path: str, report: Report) -> None:
    if not choices:
        report.error(
            path,
            "no_choices",
            {"zh": "选择题须有选项。", "en": "A choice question needs choices."},
        )
    require_unique([(f"{path}/{i}", c.id) for i, c in enumerate(choices)], report)
    for index, choice in enumerate(choices):
        if not _CODE.fullmatch(choice.id):
            report.error(
                f"{path}/{index}/id",
                "bad_id",
                {
                    "zh": "选项代码只含小写字母、数字和下划线。",
                    "en": "A choice code is lower-case letters, digits and _.",
                },
            )
        if choice.points is not None and not 0 <= choice.points <= 1:
            report.error(f"{path}/{index}/points", "points_range", _POINTS_RANGE)


_POINTS_RANGE = {
    "zh": "得分须在 0 到 1 之间。",
    "en": "Points lie between 0 and 1.",
}


def _check_columns(question: Question, path: str, report: Report) -> None:
    place = f"{path}/columns"
    if not question.columns:
        report.error(
            place,
            "no_columns",
            {"zh": "表格题须有列。", "en": "A table needs columns."},
        )
    columns = [(f"{place}/{i}", c.id) for i, c in enumerate(question.columns)]
    require_unique(columns, report)
    for index, column in enumerate(question.columns):
        if column.type is Kind.CHOICE:
            _check_choices(column.choices, f"{place}/{index}/choices", report)


def _check_points(question: Question, path: str, report: Report) -> None:
    at = [point.at for point in question.points]
    worth = [point.points for point in question.points]
    if not all(0 <= value <= 1 for value in worth):
        report.error(path, "points_range", _POINTS_RANGE)
    if any(left >= right for left, right in pairwise(at)):
        report.error(
            path,
            "points_order",
            {"zh": "节点的值须由小到大。", "en": "The nodes must ascend."},
        )
    if worth not in (sorted(worth), sorted(worth, reverse=True)):
        report.error(
            path,
            "not_monotone",
            {
                "zh": "得分须一路不降或一路不升。",
                "en": "Points must rise throughout or fall throughout.",
            },
        )
    if question.type is Kind.YESNO and at != [0, 1]:
        report.error(
            path,
            "yesno_points",
            {"zh": "须给 yes 和 no 各写得分。", "en": "Give points to yes and no."},
        )


def _check_range(question: Question, path: str, report: Report) -> None:
    low, high = question.min, question.max
    if low is not None and high is not None and low > high:
        report.error(
            f"{path}/min",
            "empty_range",
            {"zh": "min 不能大于 max。", "en": "min must not exceed max."},
        )
    if question.max_length is not None and not 1 <= question.max_length <= 20_000:
        report.error(
            f"{path}/max_length",
            "max_length_range",
            {"zh": "max_length 须在 1 到 20000。", "en": "max_length: 1 to 20000."},
        )
