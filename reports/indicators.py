"""What the result of an indicator bank says: points, figures, lines, what to gain."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _

from question_bank.engine.definition import Bank, Question
from question_bank.engine.gains import FIRST_GAINS, Gain, gains
from question_bank.engine.scorecard import ItemScore, Scorecard, SectionScore
from question_bank.selectors import newest_pass_lines
from reports.answer_rows import AnswerAppendix, answer_appendix
from reports.chart_layout import WIDE
from reports.content import (
    Material,
    Seal,
    Unverified,
    Verification,
    unverified,
    verification,
)
from reports.findings import GateRow, gate_rows
from reports.labels import Labels
from reports.scores import Chart
from reports.trend_charts import Bullet, bullet
from reports.verdict import BandLabel, band_label
from reports.wording import (
    MISSING,
    day_words,
    figure_words,
    localized,
    number_words,
    score_words,
)


@dataclass(frozen=True)
class IndicatorRow:
    """One indicator: its figure, its points and why."""

    number: str
    text: str
    figure: str
    points: str
    most: str
    reason: str
    note: str
    state: str


@dataclass(frozen=True)
class IndicatorSection:
    """A block of indicators with its points."""

    title: str
    bonus: bool
    earned: str
    most: str
    unjudged: str
    rows: tuple[IndicatorRow, ...]


@dataclass(frozen=True)
class GainRow:
    """What one indicator would bring, and how to get there."""

    text: str
    now: str
    target: str
    points: str
    advice: str
    missing: bool


@dataclass(frozen=True)
class LineRow:
    """A pass line of the past and how the score stands to it."""

    year: int
    title: str
    value: str
    distance: str
    reached: bool
    to_verify: bool
    document: str


@dataclass(frozen=True)
class IndicatorContent:
    """What the result page of an indicator bank shows."""

    scheme: ClassVar[str] = "points"

    seal: Seal
    mark: str
    band: BandLabel
    sentence: str
    score: str
    bonus: str
    unjudged: str
    interval: str
    missing: int
    lines: tuple[LineRow, ...]
    gates: tuple[GateRow, ...]
    sections: tuple[IndicatorSection, ...]
    gains: tuple[GainRow, ...]
    round: tuple[str, ...]
    profile: Chart
    profile_narrow: Chart
    notes: tuple[str, ...]

    @property
    def first_gains(self) -> tuple[GainRow, ...]:
        """The few that bring most."""
        return self.gains[:FIRST_GAINS]

    @property
    def gates_unmet(self) -> tuple[GateRow, ...]:
        """The conditions and vetoes that stand in the way or are not settled."""
        return tuple(gate for gate in self.gates if gate.state != "passed")


@dataclass(frozen=True)
class FigureRow:
    """A figure of the data sheet as it was sealed."""

    title: str
    value: str


@dataclass(frozen=True)
class IndicatorReport(IndicatorContent):
    """What the PDF shows besides."""

    appendix: AnswerAppendix
    figures: tuple[FigureRow, ...]
    unverified: Unverified
    verification: Verification
    issued: str


def indicator_content(record: Material) -> IndicatorContent:
    """Return what the result page of a sealed self-test shows."""
    bank, card = record.bank, record.card
    labels = Labels(bank)
    gates, _mandatory = gate_rows(bank, card, labels)
    return IndicatorContent(
        seal=record.seal,
        mark=localized(bank.mark),
        band=band_label(bank, card.band),
        sentence=_sentence(bank, card, gates),
        score=score_words(card.self_score),
        bonus=score_words(card.bonus),
        unjudged=number_words(card.unjudged or 0),
        interval=_interval(card),
        missing=sum(item.state == "unanswered" for item in card.items),
        lines=tuple(_lines(bank, card)),
        gates=gates,
        sections=tuple(_section(bank, card, score) for score in card.sections),
        gains=tuple(_gain_row(bank, gain) for gain in gains(bank, card)),
        round=tuple(_round_words(bank)),
        profile=_profile(bank, card),
        profile_narrow=_profile(bank, card, width=340),
        notes=tuple(localized(note.text) for note in card.notes),
    )


def indicator_report(
    record: Material, *, code: str, issued: datetime
) -> IndicatorReport:
    """Return the whole content of the PDF, with the code that verifies it."""
    labels = Labels(record.bank)
    return IndicatorReport(
        **vars(indicator_content(record)),
        appendix=answer_appendix(record.bank, record.card, record.stored, labels),
        figures=tuple(_figures(record)),
        unverified=unverified(record.bank),
        verification=verification(code),
        issued=day_words(timezone.localtime(issued).date()),
    )


def _sentence(bank: Bank, card: Scorecard, gates: tuple[GateRow, ...]) -> str:
    unmet = sum(gate.state != "passed" for gate in gates)
    if card.band == bank.gate_band.id:
        return _("暂不能申报：有 %(n)s 项条件未满足、未填清或有否决记录。") % {
            "n": unmet
        }
    if card.band is None:
        return _("数据还不完整，先补齐企业数据表，再看得分。")
    if card.unjudged:
        return _("按现有数据得 %(score)s 分，另有 %(unjudged)s 分由专家评定。") % {
            "score": score_words(card.self_score),
            "unjudged": number_words(card.unjudged),
        }
    return _("按现有数据得 %(score)s 分。") % {"score": score_words(card.self_score)}


def _interval(card: Scorecard) -> str:
    if card.low is None or card.high is None or card.low == card.high:
        return ""
    return f"{score_words(card.low)}–{score_words(card.high)}"


def _lines(bank: Bank, card: Scorecard) -> Iterator[LineRow]:
    """Yield the pass lines known today: a line is published after its round."""
    score = card.self_score or Fraction(0)
    for line in newest_pass_lines(bank):
        gap = score - line.value
        yield LineRow(
            year=line.year,
            title=localized(line.title),
            value=number_words(line.value),
            distance=score_words(abs(gap)),
            reached=gap >= 0,
            to_verify=line.source.status == "to_verify",
            document=line.document or "",
        )


def _section(bank: Bank, card: Scorecard, score: SectionScore) -> IndicatorSection:
    section = bank.section(score.id)
    own = {question.id for question in bank.section_questions(section.id)}
    return IndicatorSection(
        title=localized(section.title),
        bonus=section.bonus,
        earned=score_words(score.earned),
        most=number_words(section.weight),
        unjudged=number_words(score.unjudged) if score.unjudged else "",
        rows=tuple(
            _row(bank, bank.question(item.question), item)
            for item in card.items
            if item.question in own and bank.question(item.question).scored
        ),
    )


def _row(bank: Bank, question: Question, item: ItemScore) -> IndicatorRow:
    clause = bank.clause(question.clause) if question.clause else None
    points = MISSING
    if item.state == "counted" and item.points is not None:
        points = score_words(item.points * item.weight)
    return IndicatorRow(
        number=(clause.number or "") if clause else "",
        text=localized(question.text),
        figure=_figure(question, item),
        points=points,
        most=number_words(question.weight),
        reason=localized(item.reason),
        note=localized(question.help),
        state=item.state,
    )


def _figure(question: Question, item: ItemScore) -> str:
    if item.state == "unjudged":
        return _("专家评定")
    if item.state == "unanswered":
        return _("缺数据")
    return figure_words(question, item.value)


def _gain_row(bank: Bank, gain: Gain) -> GainRow:
    question = bank.question(gain.question)
    target = gain.target
    return GainRow(
        text=localized(question.text),
        now=_("缺数据") if gain.missing else figure_words(question, gain.value),
        target="" if target is None else figure_words(question, float(target)),
        points=f"+{score_words(gain.points)}",
        advice=localized(question.guidance[0].text) if question.guidance else "",
        missing=gain.missing,
    )


def _round_words(bank: Bank) -> Iterator[str]:
    """Yield what only the round as a whole decides."""
    rules = bank.round
    if rules is None:
        return
    if rules.excellent_share is not None:
        yield _("排名前 %(share)s 的为优秀，要等全体结果。") % {
            "share": f"{number_words(rules.excellent_share * 100)}%"
        }
    if rules.quota is not None:
        yield _("每地推荐名额至多 %(n)s 家。") % {"n": rules.quota}
    if rules.district_quota is not None:
        yield _("每个区市推荐名额至多 %(n)s 家。") % {"n": rules.district_quota}
    if rules.quota_share is not None:
        yield _("推荐数不超过参评企业的 %(share)s。") % {
            "share": f"{number_words(rules.quota_share * 100)}%"
        }


def _figures(record: Material) -> Iterator[FigureRow]:
    for fact in record.bank.facts:
        value = record.facts.get(fact.id)
        yield FigureRow(localized(fact.title), fact_words(record.bank, fact.id, value))


def fact_words(bank: Bank, fact_id: str, value: object) -> str:
    """Return a figure of the data sheet in words; a missing one is a dash."""
    fact = next(fact for fact in bank.facts if fact.id == fact_id)
    if value is None:
        return MISSING
    if isinstance(value, bool):
        return _("是") if value else _("否")
    titles = {choice.id: localized(choice.text) for choice in fact.choices}
    if isinstance(value, str):
        return titles.get(value, value)
    if isinstance(value, list | tuple):
        return _("、").join(titles.get(str(one), str(one)) for one in value)
    number = float(str(value))
    if fact.unit is None:
        return f"{number_words(round(100 * number, 1))}%"
    return f"{number_words(round(number, 2))} {localized(fact.unit)}"


def _profile(bank: Bank, card: Scorecard, width: float = WIDE) -> Chart:
    """Draw the points of every section against the most it can give."""
    lost = [
        (score.weight - (score.earned or 0) - (score.unjudged or 0), score.id)
        for score in card.sections
        if not bank.section(score.id).bonus
    ]
    most, section = max(lost, key=lambda pair: pair[0])
    title = _("“%(section)s”丢分最多，差 %(points)s 分") % {
        "section": localized(bank.section(section).title),
        "points": score_words(most),
    }
    svg = bullet(
        [_bullet(bank, score) for score in card.sections], title=title, width=width
    )
    return Chart(title, svg)


def _bullet(bank: Bank, score: SectionScore) -> Bullet:
    earned, most = float(score.earned or 0), float(score.weight)
    words = _("%(points)s 分") % {"points": score_words(score.earned)}
    if score.unjudged:
        words = _("%(points)s 分，待评 %(unjudged)s 分") % {
            "points": score_words(score.earned),
            "unjudged": number_words(score.unjudged),
        }
    return Bullet(
        label=localized(bank.section(score.id).title),
        value=earned,
        target=most,
        value_words=words,
        target_words=_("满分 %(most)s") % {"most": number_words(score.weight)},
    )
