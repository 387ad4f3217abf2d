"""The cheapest set of improvements that reaches a band: a small integer programme.

HiGHS works in doubles, so a set it returns is judged again by the exact scorer. One
that only seemed to suffice (within the solver's tolerance) is excluded and the search
goes on; the first set that passes is an exact optimum.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor

from question_bank.engine.definition import Band, Bank
from question_bank.engine.plan_options import Option
from question_bank.engine.rating import COUNTING_STATES, Rating, scheme_of
from question_bank.engine.scoring import band_of
from question_bank.engine.totals import section_scores, totals

_TIE = 1000
"""Person-days count this much, and each action one: of equal cost, fewer actions."""


class Unsolvable(ArithmeticError):
    """The solver found no assignment, although the rows should allow one."""


@dataclass
class _Model:
    """Rows `low <= coefficients · x <= high` over binary variables."""

    costs: list[int]
    rows: list[tuple[dict[int, float], float, float]] = field(default_factory=list)

    def variable(self) -> int:
        """Add a binary variable without cost."""
        self.costs.append(0)
        return len(self.costs) - 1

    def at_least(self, terms: dict[int, float], low: float) -> None:
        self.rows.append((terms, low, float("inf")))

    def at_most(self, terms: dict[int, float], high: float) -> None:
        self.rows.append((terms, float("-inf"), high))


def cheapest(
    bank: Bank, ratings: list[Rating], choices: Sequence[Option], band: Band
) -> list[Option] | None:
    """Return the cheapest choices with which `band` or a better one is reached.

    Forced choices are in; a choice is in only with those it comes after. None when no
    set suffices.
    """
    wanted = [one.id for one in bank.bands[: bank.bands.index(band) + 1]]
    if band_of(bank, applied(ratings, choices)) not in wanted:
        return None
    if not choices:
        return []
    model = _model(bank, ratings, choices, band)
    # Ends at the latest with all choices, which are known to suffice.
    while True:
        solution = _solve(model)[: len(choices)]
        chosen = [option for i, option in enumerate(choices) if solution[i]]
        if band_of(bank, applied(ratings, chosen)) in wanted:
            return chosen
        _exclude(model, solution)


def applied(ratings: list[Rating], chosen: Sequence[Option]) -> list[Rating]:
    """Return the ratings as they are once the chosen improvements are made."""
    changed = {option.index: option.result for option in chosen}
    return [changed.get(i, rating) for i, rating in enumerate(ratings)]


def item_weights(bank: Bank, ratings: list[Rating]) -> dict[int, Fraction]:
    """Return, by place, how many points of the total a full item is worth."""
    sections = [s for s in section_scores(bank, ratings) if s.self_score is not None]
    whole = sum((s.weight for s in sections), Fraction(0))
    share = {section.id: section.weight / whole for section in sections}
    inside: dict[str, int] = {}
    for _, rating in _counted(bank, ratings):
        name = rating.question.section
        inside[name] = inside.get(name, 0) + rating.weight
    return {
        index: 100
        * share[r.question.section]
        * Fraction(r.weight, inside[r.question.section])
        for index, r in _counted(bank, ratings)
    }


def _counted(bank: Bank, ratings: list[Rating]) -> list[tuple[int, Rating]]:
    specs = scheme_of(bank).specs
    return [
        (index, rating)
        for index, (spec, rating) in enumerate(zip(specs, ratings, strict=True))
        if spec.scored and rating.state in COUNTING_STATES
    ]


def _model(
    bank: Bank, ratings: list[Rating], choices: Sequence[Option], band: Band
) -> _Model:
    model = _Model([option.days * _TIE + 1 for option in choices])
    _add_precedence(model, choices)
    _add_thresholds(model, bank, ratings, choices, band)
    if band.max_major is not None:
        _add_majors(model, bank, ratings, choices, band.max_major)
    if band.max_minor_share is not None:
        _add_minors(model, bank, ratings, choices, band.max_minor_share)
    return model


def _add_precedence(model: _Model, choices: Sequence[Option]) -> None:
    places = {option.question.id: i for i, option in enumerate(choices)}
    for i, option in enumerate(choices):
        if option.forced:
            model.at_least({i: 1.0}, 1.0)
        for name in option.after:
            model.at_least({places[name]: 1.0, i: -1.0}, 0.0)


def _add_thresholds(
    model: _Model,
    bank: Bank,
    ratings: list[Rating],
    choices: Sequence[Option],
    band: Band,
) -> None:
    now = totals(bank, ratings, section_scores(bank, ratings))
    if band.min_self is not None and now.self_raw is not None:
        gains = {i: float(option.gain) for i, option in enumerate(choices)}
        model.at_least(gains, float(band.min_self - now.self_raw))
    if band.min_evidenced is not None and now.evidenced_raw is not None:
        gains = {i: float(option.evidenced_gain) for i, option in enumerate(choices)}
        model.at_least(gains, float(band.min_evidenced - now.evidenced_raw))


def _weak_items(
    bank: Bank, ratings: list[Rating], choices: Sequence[Option]
) -> list[tuple[Rating, int | None]]:
    """Return the items that do not conform, each with its choice's place if any."""
    places = {option.index: i for i, option in enumerate(choices)}
    return [
        (rating, places.get(index))
        for index, rating in _counted(bank, ratings)
        if rating.conformity != "conforming"
    ]


def _add_majors(
    model: _Model,
    bank: Bank,
    ratings: list[Rating],
    choices: Sequence[Option],
    most: int,
) -> None:
    """Allow at most `most` weak clauses and systemic sections to remain."""
    weak = _weak_items(bank, ratings, choices)
    marks = _clause_marks(model, bank, weak) + _section_marks(
        model, bank, ratings, weak
    )
    if marks:
        model.at_most(dict.fromkeys(marks, 1.0), float(most))


def _clause_marks(
    model: _Model, bank: Bank, weak: list[tuple[Rating, int | None]]
) -> list[int]:
    least = bank.policy.weak_items_per_clause
    groups: dict[str, list[int | None]] = {}
    for rating, place in weak:
        if rating.question.clause is not None:
            groups.setdefault(rating.question.clause, []).append(place)
    marks = []
    for group in groups.values():
        if len(group) >= least:
            # At least so many must conform, unless the clause stays a finding.
            mark = model.variable()
            terms = {place: 1.0 for place in group if place is not None}
            needed = float(len(group) - least + 1)
            model.at_least({**terms, mark: needed}, needed)
            marks.append(mark)
    return marks


def _section_marks(
    model: _Model,
    bank: Bank,
    ratings: list[Rating],
    weak: list[tuple[Rating, int | None]],
) -> list[int]:
    whole: dict[str, int] = {}
    for _, rating in _counted(bank, ratings):
        name = rating.question.section
        whole[name] = whole.get(name, 0) + rating.weight
    marks = []
    for section, weight in whole.items():
        group = [(r, place) for r, place in weak if r.question.section == section]
        needed = _excess(bank, weight, group)
        bad = [place for r, place in group if r.conformity == "nonconforming"]
        if needed > 0 and bad:
            marks.append(_section_mark(model, group, needed, bad))
    return marks


def _excess(bank: Bank, weight: int, group: list[tuple[Rating, int | None]]) -> int:
    """Return how much weight must conform so that the section is not systemic."""
    allowed = ceil(bank.policy.systemic_share * weight) - 1
    return sum(rating.weight for rating, _ in group) - allowed


def _section_mark(
    model: _Model,
    group: list[tuple[Rating, int | None]],
    needed: int,
    bad: list[int | None],
) -> int:
    """Let a section stop being systemic by weight or by having nothing bad left."""
    mark, by_weight, by_kind = model.variable(), model.variable(), model.variable()
    model.at_least({mark: 1.0, by_weight: 1.0, by_kind: 1.0}, 1.0)
    terms = {place: float(r.weight) for r, place in group if place is not None}
    model.at_least({**terms, by_weight: float(-needed)}, 0.0)
    places = {place: 1.0 for place in bad if place is not None}
    model.at_least({**places, by_kind: float(-len(bad))}, 0.0)
    return mark


def _add_minors(
    model: _Model,
    bank: Bank,
    ratings: list[Rating],
    choices: Sequence[Option],
    share: Fraction,
) -> None:
    weak = _weak_items(bank, ratings, choices)
    allowed = floor(share * len(_counted(bank, ratings)))
    terms = {place: 1.0 for _, place in weak if place is not None}
    if len(weak) > allowed:
        model.at_least(terms, float(len(weak) - allowed))


def _exclude(model: _Model, solution: list[bool]) -> None:
    """Forbid exactly this combination of choices."""
    terms = {i: (1.0 if taken else -1.0) for i, taken in enumerate(solution)}
    model.at_most(terms, float(sum(solution) - 1))


def _solve(model: _Model) -> list[bool]:
    """Return an optimal assignment of the variables; Unsolvable when there is none."""
    # scipy takes half a second to import and is needed for plans alone.
    import numpy  # noqa: PLC0415
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415
    from scipy.sparse import coo_array  # noqa: PLC0415

    cells = [(r, c, v) for r, row in enumerate(model.rows) for c, v in row[0].items()]
    shape = (len(model.rows), len(model.costs))
    matrix = coo_array(
        (
            [v for _, _, v in cells],
            ([r for r, _, _ in cells], [c for _, c, _ in cells]),
        ),
        shape=shape,
    )
    lows = [low for _, low, _ in model.rows]
    highs = [high for _, _, high in model.rows]
    result = milp(
        numpy.array(model.costs, dtype=float),
        integrality=numpy.ones(len(model.costs)),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(matrix.tocsr(), lows, highs),
        options={"mip_rel_gap": 0.0},
    )
    if result.x is None:
        raise Unsolvable(result.message)
    return [bool(round(value)) for value in result.x]
