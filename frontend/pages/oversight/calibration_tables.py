"""What calibration found, as tables: pages and files are made of these alone."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from frontend.templatetags.texts import localized
from oversight.calibration.findings import (
    GROUPS_FROM,
    MOST_QUESTIONS,
    POINT_FROM,
    EditionFindings,
    Point,
    QuestionFinding,
    Share,
)
from oversight.disclosure.change_rule import K
from question_bank.engine.definition import Bank

VERY_HARD, VERY_EASY = 2, 9
"""Tenths of all points that a question gives on average."""
REVERSED = -2
"""Tenths; between this and 0 the blur may have moved a question that tells nothing."""


@dataclass(frozen=True)
class Row:
    """One row; its first cell leads to `url` when there is one."""

    cells: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True)
class Block:
    """A table with its finding, what that means and what to do about it.

    Without rows, `silent` says why.
    """

    key: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    means: str
    todo: str = ""
    silent: str = ""


def blocks_of(found: EditionFindings, bank: Bank) -> tuple[Block, ...]:
    """Return the tables of an edition in the order they are shown."""
    return (
        reliability_block(found),
        brier_block(found),
        band_block(found, bank),
        weakest_block(found, bank),
        alike_block(found, bank),
        sign_block(found),
    )


def reliability_block(found: EditionFindings) -> Block:
    """Return what came true of scores, class by class."""
    title, todo = _reliability_finding(found.points)
    return Block(
        key="reliability",
        title=title,
        columns=(
            _("得分段"), _("读作"), _("12 个月内获证的比例"), _("95% 区间"), _("家数"),
        ),
        rows=tuple(
            Row((_class(p), f"{p.forecast}%", *_observed(p.observed)))
            for p in found.points
        ),
        means=_(
            "得分不是获证的概率，但常被当作概率来读：把得分段的中点当作百分比，"
            "与这一段企业提交后 12 个月内实际获证的比例对照。"
        ),
        todo=todo,
        silent=_groups_from(),
    )  # fmt: skip


def _reliability_finding(points: tuple[Point, ...]) -> tuple[str, str]:
    if not points:
        return _("得分与获证结果"), ""
    too_high = [p for p in points if p.forecast > p.observed.high]
    too_low = [p for p in points if p.forecast < p.observed.low]
    if too_high and too_low:
        return (
            _("有的得分段高于实际，有的低于实际"),
            _("检查计分：高低分之间的差距与获证结果不一致。"),
        )
    if too_high:
        return (
            _("获证的比例低于得分所说"),
            _("不要把得分当作获证机会告诉企业；检查等级的分数线是否过低。"),
        )
    if too_low:
        return (
            _("获证的比例高于得分所说"),
            _("得分偏严；检查分数线和权重是否过高。"),
        )
    return _("获证的比例与得分相符"), _("无需处理。")


def brier_block(found: EditionFindings) -> Block:
    """Return the Brier score with its parts."""
    parts = found.brier
    rows = () if parts is None else (
        Row((_("布里尔得分"), _thousandths(parts.score),
             _("预测与结果之差的平方的平均数，0 最好"))),
        Row((_("可靠性"), _thousandths(parts.reliability),
             _("得分与实际比例的差距，0 最好"))),
        Row((_("分辨力"), _thousandths(parts.resolution),
             _("高低分的获证比例相差多少，越大越好"))),
        Row((_("不确定性"), _thousandths(parts.uncertainty),
             _("由获证的总比例决定，与题库无关"))),
        Row((_("段内差异"), _thousandths(parts.within),
             _("合并得分段造成的差额"))),
    )  # fmt: skip
    tells = parts is not None and parts.score < parts.uncertainty
    finding = (
        _("按得分预测比一律猜平均数更准")
        if tells
        else _("按得分预测不比一律猜平均数更准")
    )
    return Block(
        key="brier",
        title=finding if parts else _("布里尔得分"),
        columns=(_("项目"), _("数值"), _("含义")),
        rows=rows,
        means=_("得分 = 可靠性 − 分辨力 + 不确定性 + 段内差异。"),
        todo=""
        if tells or not parts
        else _("先看可靠性：大就调整分数线；再看分辨力：小就检查题目和权重。"),
        silent=_groups_from(),
    )


def band_block(found: EditionFindings, bank: Bank) -> Block:
    """Return what became of each band."""
    names = {band.id: localized(band.title) for band in (*bank.bands, bank.gate_band)}
    few = _("不足 %(number)s 家，不显示") % {"number": POINT_FROM}
    rows = tuple(
        Row(
            (
                f"{one.band} {names.get(one.band, '')}".strip(),
                *(_observed(one.observed) if one.observed else (few, "–", "–")),
            )
        )
        for one in found.bands
    )
    graded = [
        one.observed.percent
        for one in found.bands
        if one.observed and one.band != bank.gate_band.id
    ]
    ordered = graded == sorted(graded, reverse=True)
    title, todo = (
        (_("等级越好，获证的比例越高"), "")
        if ordered
        else (
            _("等级的次序与获证的比例不一致"),
            _("检查相邻等级的分数线和前提条件。"),
        )
    )
    known = len(graded) > 1
    return Block(
        key="bands",
        title=title if known else _("各等级的获证比例"),
        columns=(_("等级"), _("12 个月内获证的比例"), _("95% 区间"), _("家数")),
        rows=rows,
        means=_("等级只比较获证的比例，不读作概率。"),
        todo=todo if known else "",
        silent=_groups_from(),
    )


def weakest_block(found: EditionFindings, bank: Bank) -> Block:
    """Return the questions that tell least, the worst first."""
    questions = found.questions
    weak = sum(one.is_weak for one in questions.weakest)
    title = (
        ngettext("%(n)s 题区分度低", "%(n)s 题区分度低", weak) % {"n": weak}
        if weak
        else _("没有区分度低的题")
    )
    return Block(
        key="questions",
        title=title if questions.spoken else _("题目的区分度"),
        columns=(_("题目"), _("区分度"), _("怎么办"), _("平均得分率"), _("家数")),
        rows=tuple(
            Row(_question_cells(one, bank), _question_url(one, bank))
            for one in questions.weakest
        ),
        means=_(
            "区分度：答得好的企业在这一题上也答得好，接近 1；与其余题目无关，接近 0；"
            "低于 0.2 说明这一题分不出高低。列出最低的 %(number)s 题，"
            "已分析 %(spoken)s 题，%(silent)s 题家数不足。"
        )
        % {
            "number": MOST_QUESTIONS,
            "spoken": questions.spoken,
            "silent": questions.silent,
        },
        silent=_groups_from(),
    )


def alike_block(found: EditionFindings, bank: Bank) -> Block:
    """Return the questions that nearly all answer alike."""
    questions = found.questions
    count = len(questions.alike)
    silent = _("没有这样的题。") if questions.spoken else _groups_from()
    return Block(
        key="alike",
        title=ngettext("%(n)s 题几乎都选同一档", "%(n)s 题几乎都选同一档", count)
        % {"n": count}
        if count
        else _("几乎都选同一档的题"),
        columns=(_("题目"), _("怎么办"), _("平均得分率"), _("家数")),
        rows=tuple(
            Row(
                (
                    _question_text(one, bank),
                    _advice(one),
                    f"{one.difficulty * 10}%",
                    str(one.of),
                ),
                _question_url(one, bank),
            )
            for one in questions.alike
        ),
        means=_("几乎没有差别的答案算不出区分度。"),
        silent=silent,
    )


def sign_block(found: EditionFindings) -> Block:
    """Return how many sheets show a sign of haste."""
    signs = found.signs
    rows = () if signs is None else (
        Row((_("答题表"), str(signs.sheets), _("每个控制集团最近一次提交"))),
        Row((_("两分钟内全选最高档"), _count(signs.all_top_at_once),
             _("可能没有读题"))),
        Row((_("全部选同一档"), _count(signs.straight_line),
             _("可能没有逐题判断"))),
        Row((_("每题不到两秒"), _count(signs.too_quick),
             _("可能没有读题，也可能是导入的答案"))),
    )  # fmt: skip
    return Block(
        key="signs",
        title=_("仓促作答的迹象"),
        columns=(_("迹象"), _("家数"), _("含义")),
        rows=rows,
        means=_("只计数，不指名：每种迹象都可能有正当原因，例如熟悉体系的企业答得快。"),
        todo=_("数字上升时，检查说明是否提醒逐题阅读。") if signs else "",
        silent=_groups_from(),
    )


def _question_cells(one: QuestionFinding, bank: Bank) -> tuple[str, ...]:
    return (
        _question_text(one, bank),
        _tenths(one.discrimination or 0),
        _advice(one),
        f"{one.difficulty * 10}%",
        str(one.of),
    )


def _advice(one: QuestionFinding) -> str:
    """Return what to do about a question, in plain words."""
    if one.discrimination is None:
        return _("几乎都选同一档：检查分档说明")
    if one.discrimination <= REVERSED:
        return _("区分度为负：检查分档是否颠倒")
    if one.is_weak:
        return _("区分度低：检查题意")
    if one.difficulty >= VERY_EASY:
        return _("几乎都得满分：检查是否过易")
    if one.difficulty <= VERY_HARD:
        return _("几乎都不得分：检查是否过难")
    return _("无需处理")


def _question_text(one: QuestionFinding, bank: Bank) -> str:
    if not bank.has_question(one.question):
        return _("%(question)s（已不再使用）") % {"question": one.question}
    return localized(bank.question(one.question).text)


def _question_url(one: QuestionFinding, bank: Bank) -> str:
    if not bank.has_question(one.question):
        return ""
    section = bank.question(one.question).section
    return reverse("questionnaire", kwargs={"bank": bank.id}) + f"#{section}"


def _class(point: Point) -> str:
    return f"{point.from_score}–{point.to_score}"


def _observed(share: Share) -> tuple[str, str, str]:
    return f"{share.percent}%", f"{share.low}%–{share.high}%", str(share.of)


def _count(value: int | None) -> str:
    return _("少于 %(number)s") % {"number": K} if value is None else str(value)


def _tenths(value: int) -> str:
    sign = "−" if value < 0 else ""
    return f"{sign}{abs(value) // 10}.{abs(value) % 10}"


def _thousandths(value: int) -> str:
    sign = "−" if value < 0 else ""
    return f"{sign}{abs(value) // 1000}.{abs(value) % 1000:03d}"


def _groups_from() -> str:
    return _("满 %(number)s 家后显示。") % {"number": GROUPS_FROM}
