"""Lint of what only indicator banks have, and that only they have it."""

from fractions import Fraction

from question_bank.engine.data_sheet import VETO_KINDS
from question_bank.engine.definition import Bank, Kind, Section
from question_bank.engine.lint_structure import require_unique
from question_bank.engine.problems import Report

MOST_MONTHS = 240


def check_indicators(bank: Bank, report: Report) -> None:
    """Check vetoes, pass lines, the round, and how points add up."""
    _check_vetoes(bank, report)
    _check_lines(bank, report)
    _check_round(bank, report)
    if bank.scheme != "points":
        _refuse_indicator_fields(bank, report)
        return
    _check_total(bank, report)
    for index, section in enumerate(bank.sections):
        if section.weight > 0:
            _check_section(bank, section, f"sections/{index}", report)
    _check_groups(bank, report)
    _check_steps(bank, report)


def _check_vetoes(bank: Bank, report: Report) -> None:
    ids = [(f"gates/{i}/id", gate.id) for i, gate in enumerate(bank.gates)]
    ids += [(f"vetoes/{i}/id", veto.id) for i, veto in enumerate(bank.vetoes)]
    if bank.vetoes:
        require_unique(ids, report)
    for index, veto in enumerate(bank.vetoes):
        path = f"vetoes/{index}"
        unknown = [kind for kind in veto.kinds if kind not in VETO_KINDS]
        if unknown or not veto.kinds:
            known = ", ".join(VETO_KINDS)
            report.error(
                f"{path}/kinds",
                "unknown_veto_kind",
                {"zh": f"否决种类须取自：{known}。", "en": f"Kinds are {known}."},
            )
        if not 1 <= veto.months <= MOST_MONTHS:
            report.error(
                f"{path}/months",
                "veto_months",
                {
                    "zh": f"有效月数须为 1 到 {MOST_MONTHS}。",
                    "en": f"1 to {MOST_MONTHS} months.",
                },
            )


def _check_lines(bank: Bank, report: Report) -> None:
    require_unique(
        [(f"pass_lines/{i}", str(line.year)) for i, line in enumerate(bank.pass_lines)],
        report,
    )
    most = 100 + sum(section.weight for section in bank.sections if section.bonus)
    for index, line in enumerate(bank.pass_lines):
        if not 0 < line.value <= most or not 2000 <= line.year <= 2100:
            report.error(
                f"pass_lines/{index}",
                "pass_line_range",
                {
                    "zh": f"年份须为四位，合格线须在 0 到 {most} 之间。",
                    "en": f"A four-digit year; the line lies between 0 and {most}.",
                },
            )


def _check_round(bank: Bank, report: Report) -> None:
    if bank.round is None:
        return
    shares = (bank.round.excellent_share, bank.round.quota_share)
    counts = (bank.round.quota, bank.round.district_quota)
    if any(share is not None and not 0 < share <= 1 for share in shares) or any(
        count is not None and count < 1 for count in counts
    ):
        report.error(
            "round",
            "round_range",
            {
                "zh": "比例须在 0 到 1 之间，名额须至少为 1。",
                "en": "Shares lie between 0 and 1; quotas are at least 1.",
            },
        )


def _refuse_indicator_fields(bank: Bank, report: Report) -> None:
    places = [
        (f"questions/{i}/{field}", field)
        for i, question in enumerate(bank.questions)
        for field in ("best_of", "expert")
        if getattr(question, field)
    ]
    places += [
        (f"sections/{i}/bonus", "bonus")
        for i, section in enumerate(bank.sections)
        if section.bonus
    ]
    for path, field in places:
        report.error(
            path,
            "points_scheme_only",
            {
                "zh": f"{field} 只用于 scheme: points 的指标题库。",
                "en": f"{field} belongs to banks with scheme: points.",
            },
        )


def _check_total(bank: Bank, report: Report) -> None:
    total = sum(s.weight for s in bank.sections if not s.bonus)
    if total != 100:
        report.error(
            "sections",
            "points_total",
            {
                "zh": f"各部分满分之和须为 100（加分部分除外），"
                f"现为 {float(total):g}。",
                "en": f"The sections' points must sum to 100, not {float(total):g} "
                "(bonus sections aside).",
            },
        )


def _check_section(bank: Bank, section: Section, path: str, report: Report) -> None:
    groups: dict[str, Fraction] = {}
    for question in bank.section_questions(section.id):
        if question.scored:
            key = question.best_of or f"question:{question.id}"
            groups[key] = max(groups.get(key, Fraction(0)), question.weight)
    given = sum(groups.values(), Fraction(0))
    if given < section.weight or (given > section.weight and not section.bonus):
        report.error(
            path,
            "points_sum",
            {
                "zh": f"部分 {section.id} 满分 {float(section.weight):g}，"
                f"题目满分之和为 {float(given):g}（同组只计一次）。",
                "en": f"Section {section.id} gives {float(section.weight):g} points, "
                f"its questions {float(given):g} (a group counts once).",
            },
        )


def _check_groups(bank: Bank, report: Report) -> None:
    members: dict[str, list[tuple[int, str]]] = {}
    for index, question in enumerate(bank.questions):
        if question.best_of:
            members.setdefault(question.best_of, []).append((index, question.section))
    for group, found in members.items():
        if len(found) < 2 or len({section for _, section in found}) > 1:
            report.error(
                f"questions/{found[0][0]}/best_of",
                "best_of_group",
                {
                    "zh": f"择优组 {group} 须有两题以上，且在同一部分。",
                    "en": f"Group {group} needs two questions of one section.",
                },
            )


def _check_steps(bank: Bank, report: Report) -> None:
    for index, question in enumerate(bank.questions):
        numeric = question.type in (Kind.NUMBER, Kind.CALCULATED)
        if question.stepped and not (numeric and question.points):
            report.error(
                f"questions/{index}/stepped",
                "steps_without_points",
                {
                    "zh": "stepped 须配合数值题的 points。",
                    "en": "`stepped` goes with the points of a number.",
                },
            )
