"""A plan and its indicators as data: what must be reached, by when, and how certain.

Nothing is computed here; `judging` judges, `counting_rules` counts.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from oversight.counting.facts import Title
from question_bank.engine.basic_types import Localized


class Operator(StrEnum):
    """How a target compares: 以上/不低于 is ≥, 超过 is >, 逐年增长 is a trend."""

    AT_LEAST = "≥"
    MORE_THAN = ">"
    EQUAL = "="
    TREND = "trend"
    MEAN = "mean-per-year≥"

    def holds(self, value: Fraction, target: Fraction) -> bool:
        """Whether a value meets a target, exactly; a trend needs a series instead."""
        if self is Operator.MORE_THAN:
            return value > target
        if self is Operator.EQUAL:
            return value == target
        return value >= target


class Kind(StrEnum):
    """What the figures are.

    A flow happens during a year, a stock stands at a day, a ratio is a stock over a
    population or a share, a series is judged year by year, and the years of a flow-sum
    are added up over the window.
    """

    FLOW = "flow"
    STOCK = "stock"
    RATIO = "ratio"
    SERIES = "series"
    FLOW_SUM = "flow-sum"

    @property
    def adds_up(self) -> bool:
        """Whether the figures of several years may be added."""
        return self in (Kind.FLOW, Kind.FLOW_SUM)


class Rule(StrEnum):
    """Where the figures come from: counted here, or a series somebody else counted."""

    SERIES = "series"
    FIRST_CERTIFICATIONS = "first_certifications"
    ADVANTAGE_STOCK = "advantage_stock"
    EVER_RECOGNISED = "ever_recognised"
    MUNICIPAL_RECOGNISED = "municipal_recognised"
    MUNICIPAL_CULTIVATED = "municipal_cultivated"
    CERTIFIED_SUBJECTS = "certified_subjects"

    @property
    def counts(self) -> bool:
        """Whether units are counted, each with a reason."""
        return self is not Rule.SERIES


class Certainty(StrEnum):
    """How certain a statement about the world is."""

    SOURCED = "sourced"
    OWN_HIGH = "own_high"
    OWN_MEDIUM = "own_medium"
    OWN_LOW = "own_low"
    DERIVED = "derived"
    PROPOSAL = "proposal"

    @property
    def to_verify(self) -> bool:
        """Whether it is shown as 待核."""
        return self is not Certainty.SOURCED


class Change(StrEnum):
    """What happened to the definition of an indicator during a plan."""

    CHANGED = "changed"
    STOPPED = "stopped"


@dataclass(frozen=True)
class ScopeChange:
    """From a day on an indicator means something else, or is no longer counted."""

    change: Change
    on: date
    note: Localized
    certainty: Certainty


@dataclass(frozen=True)
class Baseline:
    """The value before the window begins."""

    value: Fraction
    period: str
    certainty: Certainty
    source: str = ""


@dataclass(frozen=True)
class Reading:
    """One way to read an unclear target; the used one is what the product counts.

    A reading with a rule of its own can be counted beside the indicator.
    """

    text: Localized
    used: bool = False
    rule: Rule | None = None


@dataclass(frozen=True)
class RuleOptions:
    """What the bureau has decided, as far as a plan fixes it."""

    cooperatives: bool | None = None
    group_members: bool = False
    grace_days: int | None = None
    equivalents: Mapping[str, Title] = field(default_factory=dict)


@dataclass(frozen=True)
class Indicator:
    """One measure of a plan. `target` is None for a trend.

    `each_year` asks for the target in every year of the window instead of at its end.
    `clause` is where the source says it; `readings` are open when none is used.
    `series` names the figures when several plans share them; else they bear the id.
    """

    id: str
    title: Localized
    operator: Operator
    kind: Kind
    unit: Localized
    first_year: int
    last_year: int
    rule: Rule
    clause: Localized
    certainty: Certainty
    target: Fraction | None = None
    each_year: bool = False
    series: str = ""
    baseline: Baseline | None = None
    changes: tuple[ScopeChange, ...] = ()
    readings: tuple[Reading, ...] = ()
    options: RuleOptions = RuleOptions()
    note: Localized | None = None

    @property
    def years(self) -> int:
        """How many years the window has."""
        return self.last_year - self.first_year + 1

    @property
    def series_name(self) -> str:
        """The name its figures are handed in under."""
        return self.series or self.id

    @property
    def total_target(self) -> Fraction | None:
        """The target over the whole window; a yearly mean times the years."""
        if self.target is None or self.operator is not Operator.MEAN:
            return self.target
        return self.target * self.years

    @property
    def undecided(self) -> bool:
        """Whether the source can be read in several ways and nobody has decided."""
        return bool(self.readings) and not any(r.used for r in self.readings)

    def stopped_on(self) -> ScopeChange | None:
        """Return the change that ended the counting, if any."""
        ends = [c for c in self.changes if c.change is Change.STOPPED]
        return min(ends, key=lambda change: change.on, default=None)


@dataclass(frozen=True)
class Plan:
    """A plan: its document and its indicators, in the order of the source."""

    id: str
    title: Localized
    document: str
    issued_on: date | None
    first_year: int
    last_year: int
    source: str
    certainty: Certainty
    indicators: tuple[Indicator, ...]
    note: Localized | None = None

    def indicator(self, indicator_id: str) -> Indicator:
        """Return an indicator; KeyError when the plan has none of that id."""
        for indicator in self.indicators:
            if indicator.id == indicator_id:
                return indicator
        raise KeyError(indicator_id)


@dataclass(frozen=True)
class KnownFigure:
    """A published figure, with its source; ratios keep what they were made of."""

    id: str
    title: Localized
    period: str
    value: Fraction
    unit: Localized
    source: str
    certainty: Certainty
    indicator: str = ""
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    denominator_of: str = ""
    note: Localized | None = None
