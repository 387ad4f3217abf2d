"""Lint of a bank's frame: ids, scale, bands, clauses, sections, gates, references."""

import re
from collections.abc import Iterable
from fractions import Fraction

from question_bank.engine.definition import STRENGTHS, Band, Bank, Kind, Section, Wait
from question_bank.engine.problems import Report
from question_bank.engine.rule_types import AS_OF

MAX_QUESTIONS_PER_SECTION = 40

_ID = re.compile(r"[a-z][a-z0-9_]{0,63}", re.ASCII)
_RESERVED = frozenset(
    [AS_OF, "and", "or", "not", "in", "has", "has_any", "has_all", "yes", "no", "if"]
)


def check_structure(bank: Bank, report: Report) -> None:
    """Check everything but the questions themselves."""
    _check_ids(bank, report)
    _check_scale(bank, report)
    _check_policy(bank, report)
    _check_bands(bank, report)
    _check_clauses(bank, report)
    _check_sections(bank, report)
    _check_gates(bank, report)
    _check_references(bank, report)
    _check_superseded(bank, report)


def _check_ids(bank: Bank, report: Report) -> None:
    names = [(f"facts/{i}/id", fact.id) for i, fact in enumerate(bank.facts)]
    names += [(f"questions/{i}/id", q.id) for i, q in enumerate(bank.questions)]
    for path, name in names:
        if not _ID.fullmatch(name):
            report.error(path, "bad_id", _BAD_ID)
        elif name in _RESERVED:
            report.error(
                path,
                "reserved_id",
                {
                    "zh": f"{name} 是规则语言的词，不能作题号。",
                    "en": f"{name} is a word of the rule language.",
                },
            )
    require_unique(names, report)
    for kind, ids in (
        ("departments", [d.id for d in bank.departments]),
        ("sections", [s.id for s in bank.sections]),
        ("clauses", [c.key for c in bank.clauses]),
        ("gates", [g.id for g in bank.gates]),
        ("checks", [c.id for c in bank.checks]),
        ("bands", [*(b.id for b in bank.bands), bank.gate_band.id]),
    ):
        require_unique([(f"{kind}/{i}", found) for i, found in enumerate(ids)], report)


_BAD_ID = {
    "zh": "题号须以小写字母开头，只含小写字母、数字和下划线，最长 64。",
    "en": "An id is lower-case letters, digits and _, at most 64, a letter first.",
}


def require_unique(names: list[tuple[str, str]], report: Report) -> None:
    """Report ids used twice; `names` holds (path, id)."""
    seen: set[str] = set()
    for path, name in names:
        if name in seen:
            report.error(
                path,
                "duplicate_id",
                {"zh": f"编号 {name} 重复。", "en": f"The id {name} is used twice."},
            )
        seen.add(name)


def _check_scale(bank: Bank, report: Report) -> None:
    scale = bank.scale
    values = [mark.value for mark in scale.levels]
    if values != list(range(len(scale.points))):
        report.error(
            "scale/levels",
            "scale_levels",
            {
                "zh": "等级须从 0 起连续，个数与 points 相同。",
                "en": "Levels count from 0 without gaps, one for each of the points.",
            },
        )
    if not scale.points or scale.points[0] != 0 or scale.points[-1] != 1:
        report.error(
            "scale/points",
            "scale_ends",
            {"zh": "points 须从 0 到 1。", "en": "The points run from 0 to 1."},
        )
    require_ascending(list(scale.points), "scale/points", report)
    if not 0 < scale.nonconforming_below <= scale.conforming_level <= scale.top:
        report.error(
            "scale",
            "scale_thresholds",
            {
                "zh": "须 0 < nonconforming_below ≤ conforming_level ≤ 最高等级。",
                "en": "0 < nonconforming_below ≤ conforming_level ≤ top level.",
            },
        )
    caps = [scale.evidence_caps.get(strength) for strength in STRENGTHS]
    known = [cap for cap in caps if cap is not None]
    if set(scale.evidence_caps) != set(STRENGTHS) or not all(0 < c <= 1 for c in known):
        names = ", ".join(STRENGTHS)
        report.error(
            "scale/evidence_caps",
            "evidence_caps",
            {
                "zh": f"须为 {names} 各给一个 0 到 1 的上限。",
                "en": f"A cap between 0 and 1 for each of {names}.",
            },
        )
    else:
        require_ascending(known, "scale/evidence_caps", report)


def require_ascending(values: list[Fraction], path: str, report: Report) -> None:
    """Report values that fall."""
    if values != sorted(values):
        report.error(
            path,
            "not_monotone",
            {"zh": "数值须由低到高。", "en": "The values must not fall."},
        )


def _check_policy(bank: Bank, report: Report) -> None:
    policy = bank.policy
    shares = (policy.completeness_min, policy.na_share_doubt, policy.systemic_share)
    sound = all(0 < share <= 1 for share in shares)
    if not sound or policy.weak_items_per_clause < 1 or policy.evidence_gap <= 0:
        report.error(
            "policy",
            "policy_range",
            {
                "zh": "比例须在 0 到 1 之间，个数和差距须为正。",
                "en": "Shares lie between 0 and 1; counts and gaps are positive.",
            },
        )


def _check_bands(bank: Bank, report: Report) -> None:
    last = len(bank.bands) - 1
    for index, band in enumerate(bank.bands):
        path = f"bands/{index}"
        _check_band_range(band, path, report)
        if (index == last) != _asks_nothing(band):
            report.error(
                path,
                "band_open_end",
                {
                    "zh": "最后一个等级、也只有它，不设条件。",
                    "en": "The last band, and no other, has no conditions.",
                },
            )
        if band.max_minor_share is not None and band.max_major != 0:
            report.error(
                path,
                "band_minor_share",
                {
                    "zh": "限制轻微项比例的等级须同时要求 max_major 为 0，"
                    "否则改进可能反而降级。",
                    "en": "A band that limits minors needs max_major 0; otherwise an "
                    "improvement could lower the band.",
                },
            )
    for index in range(1, len(bank.bands)):
        _check_band_order(bank.bands[index - 1], bank.bands[index], index, report)


def _asks_nothing(band: Band) -> bool:
    asked = (band.min_self, band.min_evidenced, band.max_major, band.max_minor_share)
    return all(condition is None for condition in asked)


def _check_band_range(band: Band, path: str, report: Report) -> None:
    scores = [s for s in (band.min_self, band.min_evidenced) if s is not None]
    share = band.max_minor_share
    if not all(0 <= score <= 100 for score in scores) or (
        share is not None and not 0 <= share <= 1
    ):
        report.error(
            path,
            "band_range",
            {
                "zh": "得分门槛须在 0 到 100，比例须在 0 到 1。",
                "en": "Score thresholds lie in 0–100, shares in 0–1.",
            },
        )


def _check_band_order(better: Band, worse: Band, index: int, report: Report) -> None:
    """A worse band must not ask for more of the same than the better one."""
    pairs = (
        (worse.min_self, better.min_self),
        (worse.min_evidenced, better.min_evidenced),
    )
    rising = any(low is not None and low > (high or 0) for low, high in pairs)
    if rising:
        report.error(
            f"bands/{index}",
            "band_order",
            {
                "zh": "等级须从好到差排列，后面的门槛不能更高。",
                "en": "Bands go from best to worst; thresholds must not rise.",
            },
        )


def _check_clauses(bank: Bank, report: Report) -> None:
    known: set[str] = set()
    asked = {key for question in bank.questions for key in question.clauses}
    for index, clause in enumerate(bank.clauses):
        path = f"clauses/{index}"
        if clause.parent is not None and clause.parent not in known:
            report.error(
                path,
                "clause_parent",
                {
                    "zh": f"上级条款 {clause.parent} 须先于本条出现。",
                    "en": f"The parent {clause.parent} must come before the clause.",
                },
            )
        known.add(clause.key)
        if clause.leaf and clause.normative and clause.key not in asked:
            report.error(
                path,
                "clause_without_question",
                {
                    "zh": f"末级条款 {clause.key} 没有题目。",
                    "en": f"No question covers the leaf clause {clause.key}.",
                },
            )


def _check_sections(bank: Bank, report: Report) -> None:
    if not any(section.weight > 0 for section in bank.sections):
        report.error(
            "sections",
            "nothing_scored",
            {"zh": "没有计分的部分。", "en": "No section carries weight."},
        )
    for index, section in enumerate(bank.sections):
        _check_section(bank, section, f"sections/{index}", report)
    known = {section.id for section in bank.sections}
    order = [q.section for q in bank.questions if q.section in known]
    if list(dict.fromkeys(order)) != list(_runs(order)):
        report.error(
            "questions",
            "section_split",
            {
                "zh": "同一部分的题目须连续排列。",
                "en": "The questions of a section must stand together.",
            },
        )


def _runs(order: Iterable[str]) -> Iterable[str]:
    previous = None
    for section in order:
        if section != previous:
            yield section
        previous = section


def _check_section(bank: Bank, section: Section, path: str, report: Report) -> None:
    questions = bank.section_questions(section.id)
    if section.weight < 0:
        report.error(
            path,
            "negative_weight",
            {"zh": "权重不能为负。", "en": "A weight must not be negative."},
        )
    if not questions:
        report.error(
            path,
            "section_without_question",
            {
                "zh": f"部分 {section.id} 没有题目。",
                "en": f"Section {section.id} has no question.",
            },
        )
    elif section.weight > 0 and not any(q.scored for q in questions):
        report.error(
            path,
            "section_not_scored",
            {
                "zh": f"部分 {section.id} 有权重，却没有计分题目。",
                "en": f"Section {section.id} carries weight but nothing is scored.",
            },
        )
    if len(questions) > MAX_QUESTIONS_PER_SECTION:
        report.warning(
            path,
            "section_too_long",
            {
                "zh": f"部分 {section.id} 有 {len(questions)} 题，"
                f"超过 {MAX_QUESTIONS_PER_SECTION} 题。",
                "en": f"Section {section.id} has {len(questions)} questions, "
                f"more than {MAX_QUESTIONS_PER_SECTION}.",
            },
        )


def _check_gates(bank: Bank, report: Report) -> None:
    for index, gate in enumerate(bank.gates):
        path = f"gates/{index}"
        if gate.wait is not None:
            _check_wait(bank, gate.wait, f"{path}/wait", report)
        for key in gate.clauses:
            require_clause(bank, key, f"{path}/clause", report)


def _check_wait(bank: Bank, wait: Wait, path: str, report: Report) -> None:
    name = wait.question_id
    if not bank.has_question(name) or bank.question(name).type is not Kind.DATE:
        report.error(
            path,
            "wait_not_a_date",
            {
                "zh": f"等待期须从一道日期题起算，{name} 不是。",
                "en": f"A wait counts from a date question; {name} is none.",
            },
        )
    if not 0 < wait.months <= 120:
        report.error(
            path,
            "wait_range",
            {"zh": "等待月数须为 1 到 120。", "en": "1 to 120 months."},
        )


def require_clause(bank: Bank, key: str, path: str, report: Report) -> None:
    """Report a clause that the tree lacks."""
    if not bank.has_clause(key):
        report.error(
            path,
            "unknown_clause",
            {
                "zh": f"条款树中没有 {key}。",
                "en": f"The clause tree has no {key}.",
            },
        )


def _check_references(bank: Bank, report: Report) -> None:
    for index, question_id in enumerate(bank.quick_scan):
        require_question(bank, question_id, f"quick_scan/{index}", report)
    for index, check in enumerate(bank.checks):
        for question_id in check.questions:
            require_question(bank, question_id, f"checks/{index}/questions", report)


def _check_superseded(bank: Bank, report: Report) -> None:
    if bank.superseded is None:
        return
    found = bank.superseded
    if found.by == bank.id or not _ID.fullmatch(found.by):
        report.error(
            "superseded/by",
            "superseded_by",
            {
                "zh": "须写取代本题库的另一个题库的编号。",
                "en": "Name the other bank that replaced this one.",
            },
        )
    dates = (found.on, found.applications_until, found.certificates_until)
    known = [day for day in dates if day is not None]
    if known != sorted(known):
        report.error(
            "superseded",
            "superseded_dates",
            {
                "zh": "on、applications_until、certificates_until 须由早到晚。",
                "en": "on, applications_until, certificates_until go early to late.",
            },
        )


def require_question(bank: Bank, question_id: str, path: str, report: Report) -> None:
    """Report a question that the bank lacks."""
    if not bank.has_question(question_id):
        report.error(
            path,
            "unknown_question",
            {"zh": f"没有题目 {question_id}。", "en": f"No question {question_id}."},
        )
