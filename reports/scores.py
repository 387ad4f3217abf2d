"""Scores by section and by clause, and the method in figures."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from question_bank.engine.definition import Band, Bank, Clause
from question_bank.engine.scorecard import ClauseScore, Scorecard, SectionScore
from reports.charts import ProfileRow, ProfileWords, profile_bars
from reports.labels import ClauseLabel, Labels
from reports.wording import localized, number_words, percent_words, score_words


@dataclass(frozen=True)
class SectionRow:
    """One section: its weight in the total and its figures."""

    chapter: str
    title: str
    weight: str
    self_score: str
    evidenced_score: str
    maturity: str
    interval: str
    items: int
    na: int
    not_occurred: int


@dataclass(frozen=True)
class ClauseRow:
    """One clause with all below it; `depth` 0 is a chapter."""

    label: ClauseLabel
    own_number: bool
    depth: int
    self_score: str
    evidenced_score: str
    items: int
    weakest: str
    findings: str


@dataclass(frozen=True)
class BandRow:
    """A band with what it asks for, in words."""

    title: str
    conditions: tuple[str, ...]
    meaning: str


@dataclass(frozen=True)
class Method:
    """The figures of the scoring, read from the bank."""

    levels: tuple[tuple[int, str, str], ...]
    caps: tuple[tuple[str, str], ...]
    bands: tuple[BandRow, ...]
    gate_band: BandRow
    completeness_min: str
    na_share_doubt: str
    weak_items_per_clause: int
    systemic_share: str
    evidence_gap: str
    conforming_level: int
    nonconforming_below: int
    capped_by: tuple[str, ...]


@dataclass(frozen=True)
class Chart:
    """A drawing with the sentence that says what it shows."""

    title: str
    svg: SafeString


def section_rows(bank: Bank, card: Scorecard) -> tuple[SectionRow, ...]:
    """Return the scored sections in document order."""
    return tuple(
        SectionRow(
            chapter=bank.section(score.id).chapter,
            title=localized(bank.section(score.id).title),
            weight=number_words(bank.section(score.id).weight),
            self_score=score_words(score.self_score),
            evidenced_score=score_words(score.evidenced_score),
            maturity=score_words(score.maturity),
            interval=_interval(score),
            items=score.items,
            na=score.na,
            not_occurred=score.not_occurred,
        )
        for score in _scored(bank, card)
    )


def _scored(bank: Bank, card: Scorecard) -> list[SectionScore]:
    return [score for score in card.sections if bank.section(score.id).weight > 0]


def _interval(score: SectionScore) -> str:
    if score.low is None or score.high is None or score.low == score.high:
        return ""
    return f"{score_words(score.low)}–{score_words(score.high)}"


def clause_rows(bank: Bank, card: Scorecard, labels: Labels) -> tuple[ClauseRow, ...]:
    """Return the clauses with questions that apply, chapters before their clauses."""
    majors, minors = _finding_counts(card, "major"), _finding_counts(card, "minor")
    rows = []
    for score in card.clauses:
        clause = bank.clause(score.key)
        if not score.items:
            continue
        found = (majors[score.key], minors[score.key])
        rows.append(_clause_row(bank, score, clause, labels, found))
    return tuple(rows)


def untouched_clauses(
    bank: Bank, card: Scorecard, labels: Labels
) -> tuple[ClauseLabel, ...]:
    """Return the leaf clauses whose questions don't apply to this enterprise."""
    empty = [s.key for s in card.clauses if not s.items and bank.clause(s.key).leaf]
    found = (labels.clause(key) for key in empty if bank.questions_of(key))
    return tuple(label for label in found if label is not None)


def _finding_counts(card: Scorecard, severity: str) -> Counter[str | None]:
    return Counter(f.clause for f in card.findings if f.severity == severity)


def _clause_row(
    bank: Bank,
    score: ClauseScore,
    clause: Clause,
    labels: Labels,
    found: tuple[int, int],
) -> ClauseRow:
    label = labels.clause(clause.key)
    assert label is not None  # noqa: S101 – the key was not None
    weakest = score.weakest_level
    majors, minors = found
    words = []
    if majors:
        words.append(_("严重 %(n)s") % {"n": majors})
    if minors:
        words.append(_("一般 %(n)s") % {"n": minors})
    return ClauseRow(
        label=label,
        own_number=clause.number is not None,
        depth=_depth(bank, clause),
        self_score=score_words(score.self_score),
        evidenced_score=score_words(score.evidenced_score),
        items=score.items,
        weakest="–" if weakest is None else str(weakest),
        findings=" ".join(words),
    )


def _depth(bank: Bank, clause: Clause) -> int:
    depth = 0
    while clause.parent is not None:
        clause = bank.clause(clause.parent)
        depth += 1
    return depth


# --- Charts -----------------------------------------------------------------


def profile_chart(bank: Bank, card: Scorecard, width: float = 640) -> Chart:
    """Draw the sections' scores; the title names the weakest."""
    scored = [s for s in _scored(bank, card) if s.self_score is not None]
    title = _("各部分得分")
    if scored:
        lowest = min(scored, key=lambda s: (s.evidenced_score or Fraction(0), s.id))
        title = _("“%(section)s”的可证得分最低，为 %(score)s 分") % {
            "section": localized(bank.section(lowest.id).title),
            "score": score_words(lowest.evidenced_score),
        }
    rows = [
        ProfileRow(
            label=localized(bank.section(score.id).title),
            self_score=_float(score.self_score),
            evidenced_score=_float(score.evidenced_score),
            low=_float(score.low),
            high=_float(score.high),
        )
        for score in _scored(bank, card)
    ]
    words = ProfileWords(
        self_score=_("自评得分"),
        evidenced_score=_("可证得分"),
        interval=_("未答完时的区间"),
        line=_("“%(band)s”要求") % {"band": localized(bank.bands[0].title)},
        not_scored=_("不计分"),
    )
    line = _float(bank.bands[0].min_evidenced)
    svg = profile_bars(rows, title=title, words=words, line=line, width=width)
    return Chart(title, svg)


def _float(score: Fraction | None) -> float | None:
    return None if score is None else float(score)


# --- Method -----------------------------------------------------------------


def method(bank: Bank, card: Scorecard, labels: Labels) -> Method:
    """Return the scoring's figures; every one is read from the bank."""
    scale, policy = bank.scale, bank.policy
    strengths = {
        "said": _("仅口头说明"),
        "named": _("写明文件号或日期"),
        "attached": _("已上传文件"),
        "sampled": _("已抽样核验"),
    }
    return Method(
        levels=tuple(
            (mark.value, localized(mark.title), number_words(scale.points[mark.value]))
            for mark in scale.levels
        ),
        caps=tuple(
            (strengths[strength], number_words(cap))
            for strength, cap in scale.evidence_caps.items()
        ),
        bands=tuple(_band_row(band) for band in bank.bands),
        gate_band=BandRow(
            localized(bank.gate_band.title),
            (_("任一申请前提未满足，不论得分高低"),),
            localized(bank.gate_band.meaning),
        ),
        completeness_min=percent_words(policy.completeness_min),
        na_share_doubt=percent_words(policy.na_share_doubt),
        weak_items_per_clause=policy.weak_items_per_clause,
        systemic_share=percent_words(policy.systemic_share),
        evidence_gap=number_words(policy.evidence_gap),
        conforming_level=scale.conforming_level,
        nonconforming_below=scale.nonconforming_below,
        capped_by=tuple(labels.question(name).text for name in card.capped_by),
    )


def _band_row(band: Band) -> BandRow:
    conditions = []
    if band.min_self is not None:
        conditions.append(_("自评得分 ≥ %(n)s") % {"n": number_words(band.min_self)})
    if band.min_evidenced is not None:
        least = number_words(band.min_evidenced)
        conditions.append(_("可证得分 ≥ %(n)s") % {"n": least})
    if band.max_major is not None:
        conditions.append(_("严重问题 ≤ %(n)s 项") % {"n": band.max_major})
    if band.max_minor_share is not None:
        most = percent_words(band.max_minor_share)
        conditions.append(_("一般问题 ≤ 适用题的 %(n)s") % {"n": most})
    words = tuple(conditions) or (_("其余情况"),)
    return BandRow(localized(band.title), words, localized(band.meaning))
