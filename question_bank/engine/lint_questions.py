"""Lint of single questions: references, weight, N/A, what a critical item may ask."""

from question_bank.engine.definition import Bank, Kind, Question
from question_bank.engine.lint_guidance import check_guidance
from question_bank.engine.lint_structure import require_clause, require_question
from question_bank.engine.lint_types import check_type
from question_bank.engine.problems import Report


def check_questions(bank: Bank, report: Report) -> None:
    """Check every question of a bank."""
    for index, question in enumerate(bank.questions):
        path = f"questions/{index}"
        _check_references(bank, question, path, report)
        _check_weight(bank, question, path, report)
        _check_mandatory(bank, question, path, report)
        _check_states(bank, question, path, report)
        check_type(bank, question, path, report)
        check_guidance(bank, question, path, report)
    _check_cycles(bank, report)


def _check_references(
    bank: Bank, question: Question, path: str, report: Report
) -> None:
    if question.section not in {section.id for section in bank.sections}:
        report.error(
            f"{path}/section",
            "unknown_section",
            {
                "zh": f"没有部分 {question.section}。",
                "en": f"There is no section {question.section}.",
            },
        )
    if not question.clauses:
        report.error(
            f"{path}/clause",
            "no_clause",
            {"zh": "题目须写明条款。", "en": "A question names its clause."},
        )
    for key in question.clauses:
        require_clause(bank, key, f"{path}/clause", report)
    first = question.clause
    if first is not None and bank.has_clause(first) and not bank.clause(first).leaf:
        report.error(
            f"{path}/clause",
            "clause_not_a_leaf",
            {
                "zh": f"第一个条款须为末级条款，{first} 不是。",
                "en": f"The first clause must be a leaf; {first} is none.",
            },
        )
    _check_departments(bank, question, path, report)
    for other in question.after:
        require_question(bank, other, f"{path}/after", report)


def _check_departments(
    bank: Bank, question: Question, path: str, report: Report
) -> None:
    known = {department.id for department in bank.departments}
    owners = [(f"{path}/departments", name) for name in question.departments]
    owners += [(f"{path}/guidance", advice.owner) for advice in question.guidance]
    for place, name in owners:
        if name not in known:
            report.error(
                place,
                "unknown_department",
                {"zh": f"没有部门 {name}。", "en": f"No department {name}."},
            )
    if not question.departments and question.type is not Kind.CALCULATED:
        report.warning(
            path,
            "no_department",
            {"zh": "没有写作答部门。", "en": "No department is named to answer."},
        )


def _check_weight(bank: Bank, question: Question, path: str, report: Report) -> None:
    place = f"{path}/weight"
    if question.weight < 0:
        report.error(
            place,
            "negative_weight",
            {"zh": "权重不能为负。", "en": "A weight must not be negative."},
        )
    if question.weight > 0:
        _check_unscored_weight(question, place, report)
    elif _must_weigh(bank, question):
        report.error(
            place,
            "weight_not_positive",
            {
                "zh": "计分的必须题权重须大于 0。",
                "en": "A required, scored question needs a weight above 0.",
            },
        )


def _must_weigh(bank: Bank, question: Question) -> bool:
    sections = {section.id: section.weight for section in bank.sections}
    if not sections.get(question.section) or question.prohibited:
        return False
    required = question.modality == "required"
    return required and (question.type is Kind.LEVEL or question.has_points)


def _check_unscored_weight(question: Question, place: str, report: Report) -> None:
    reasons = (
        (
            question.modality == "optional",
            "optional_with_weight",
            "标准允许自选的题目权重须为 0。",
            "An optional requirement has weight 0.",
        ),
        (
            question.prohibited,
            "prohibited_with_weight",
            "禁止性行为题权重须为 0。",
            "A question about a prohibited act has weight 0.",
        ),
        (
            question.type is not Kind.LEVEL and not question.has_points,
            "weight_without_points",
            "没有给分的题目权重须为 0。",
            "A question that gives no points has weight 0.",
        ),
    )
    for applies, code, zh, en in reasons:
        if applies:
            report.error(place, code, {"zh": zh, "en": en})


def _check_mandatory(bank: Bank, question: Question, path: str, report: Report) -> None:
    mandatory = question.mandatory
    if mandatory is None:
        return
    place = f"{path}/mandatory"
    if not question.scored:
        report.error(
            place,
            "mandatory_not_scored",
            {"zh": "关键题须计分。", "en": "A critical question must be scored."},
        )
    if not 1 <= mandatory.min_level <= bank.scale.top:
        report.error(
            place,
            "min_level_range",
            {
                "zh": f"min_level 须在 1 到 {bank.scale.top} 之间。",
                "en": f"min_level lies between 1 and {bank.scale.top}.",
            },
        )
    if mandatory.cap is not None and not 0 <= mandatory.cap <= 100:
        report.error(
            place,
            "cap_range",
            {"zh": "cap 须在 0 到 100 之间。", "en": "A cap lies in 0–100."},
        )
    if question.finding is None:
        report.warning(
            path,
            "finding_missing",
            {
                "zh": "关键题没有写不符合的表述（finding）。",
                "en": "A critical question without the wording of its finding.",
            },
        )


def _check_states(bank: Bank, question: Question, path: str, report: Report) -> None:
    """Check which answers besides a value the question may take."""
    na = question.na
    sections = {section.id: section.na_allowed for section in bank.sections}
    if na.allowed and not sections.get(question.section, True):
        report.error(
            f"{path}/na",
            "na_in_core",
            {
                "zh": "本部分不允许“不适用”。",
                "en": "This section does not allow “not applicable”.",
            },
        )
    if na.allowed and question.mandatory and not na.reviewer_confirms:
        report.error(
            f"{path}/na",
            "na_mandatory",
            {
                "zh": "关键题允许“不适用”时须由审阅人确认。",
                "en": "“Not applicable” to a critical question needs a reviewer.",
            },
        )
    if question.event_based and question.type is not Kind.LEVEL:
        report.error(
            f"{path}/event_based",
            "event_not_a_level",
            {"zh": "只有等级题可用 event_based。", "en": "Only for level questions."},
        )
    if question.optional and question.scored:
        report.error(
            f"{path}/optional",
            "optional_scored",
            {
                "zh": "计分的题目不能留空（optional）。",
                "en": "A scored question cannot be left open.",
            },
        )


def _check_cycles(bank: Bank, report: Report) -> None:
    """Report questions whose `after` leads back to themselves."""
    before = {
        q.id: [name for name in q.after if bank.has_question(name)]
        for q in bank.questions
    }
    for index, question in enumerate(bank.questions):
        reached: set[str] = set()
        waiting = list(before[question.id])
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting.extend(before[name])
        if question.id in reached:
            report.error(
                f"questions/{index}/after",
                "after_cycle",
                {
                    "zh": f"after 形成循环，回到 {question.id}。",
                    "en": f"`after` leads back to {question.id}.",
                },
            )
