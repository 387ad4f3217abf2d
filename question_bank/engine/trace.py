"""The trace: every question's line in a result, with the reason for its points."""

from fractions import Fraction

from question_bank.engine.definition import Bank, Kind, Localized
from question_bank.engine.rating import Exact, Rating, Units, scheme_of
from question_bank.engine.scorecard import ItemScore, ItemState

_SILENT_REASONS: dict[ItemState, Localized] = {
    "hidden": {
        "zh": "按前面的回答不适用于本企业，不显示、不计分。",
        "en": "Does not apply, by earlier answers: neither shown nor counted.",
    },
    "unknown": {
        "zh": "是否适用取决于尚未回答的前题，暂不计入。",
        "en": "Whether it applies depends on earlier questions: not counted yet.",
    },
    "na": {
        "zh": "答为“不适用”，从分子和分母中同时剔除。",
        "en": "Answered “not applicable”: left out of points and weights alike.",
    },
    "unscored": {"zh": "只收集事实，不计分。", "en": "Asked, but not scored."},
    "unjudged": {
        "zh": "由专家评定，尚未评分。",
        "en": "Judged by experts; not judged yet.",
    },
}
_STRENGTHS = {
    "said": ("仅口头说明", "only said"),
    "named": ("写明文件", "document named"),
    "attached": ("已附证据", "evidence attached"),
    "sampled": ("已抽样核验", "sampled and checked"),
}


def item_scores(bank: Bank, ratings: list[Rating]) -> tuple[ItemScore, ...]:
    """Return the trace of all questions, in document order."""
    words = bank.memo("trace words", _words_of)
    return tuple([_item_score(rating, words) for rating in ratings])


class _Words:
    """Shares and reasons; few distinct ones occur in a bank, so each is kept."""

    def __init__(self, units: Units, *, by_points: bool) -> None:
        self._units = units
        self.by_points = by_points
        self._shares: dict[Exact, Fraction] = {}
        self._weights: dict[int, Fraction] = {}
        self._reasons: dict[tuple[object, ...], Localized] = {}

    def share(self, points: Exact) -> Fraction:
        """Return points as a share of 1."""
        if not isinstance(points, int):
            return points / self._units.point
        if points not in self._shares:
            self._shares[points] = Fraction(points, self._units.point)
        return self._shares[points]

    def weight(self, weight: int) -> Fraction:
        """Return a weight as the bank writes it."""
        if weight not in self._weights:
            self._weights[weight] = Fraction(weight, self._units.weight)
        return self._weights[weight]

    def reason(self, rating: Rating) -> Localized:
        """Return why an item has its points."""
        if rating.level is None:
            return _reason(rating, self)
        key = (rating.state, rating.level, rating.weight, rating.strength)
        if key not in self._reasons:
            self._reasons[key] = _reason(rating, self)
        return self._reasons[key]


def _words_of(bank: Bank) -> _Words:
    return _Words(scheme_of(bank).units, by_points=bank.scheme == "points")


def _item_score(rating: Rating, words: _Words) -> ItemScore:
    silent = _SILENT_REASONS.get(rating.state)
    if silent is not None:
        return ItemScore(
            rating.question.id,
            rating.state,
            rating.level,
            None,
            None,
            _NONE,
            rating.strength,
            rating.conformity,
            silent,
        )
    return ItemScore(
        rating.question.id,
        rating.state,
        rating.level,
        words.share(rating.points),
        words.share(rating.evidenced),
        words.weight(rating.weight),
        rating.strength,
        rating.conformity,
        words.reason(rating),
        rating.value,
    )


_NONE = Fraction(0)


def _reason(rating: Rating, words: _Words) -> Localized:
    if rating.state == "unanswered" and rating.question.type is Kind.CALCULATED:
        return {
            "zh": "缺少计算所需的数据，暂按 0 分计入。",
            "en": "The figures it is computed from are missing: counts as nothing.",
        }
    if rating.state == "outdone":
        return {
            "zh": "同组指标取最高的一项，本项不计分。",
            "en": "Only the best of its group counts; another one is better.",
        }
    if rating.value is not None and rating.question.type is Kind.CALCULATED:
        return _figure_reason(rating, words)
    answered = words.by_points and rating.state == "counted"
    if answered and rating.question.type is Kind.YESNO:
        return _yesno_reason(rating, words)
    if rating.state == "unanswered":
        return {
            "zh": "尚未作答，按 0 分计入。",
            "en": "Not answered yet: counts as nothing in place.",
        }
    if rating.strength is None:
        return {
            "zh": "答为“不知道”，按等级 0 计。",
            "en": "Answered “don't know”: counts as level 0.",
        }
    points, evidenced = words.share(rating.points), words.share(rating.evidenced)
    zh_strength, en_strength = _STRENGTHS[rating.strength]
    zh_level, en_level = _level_words(rating)
    zh_weight, en_weight = _weight_words(rating, words)
    return {
        "zh": f"{zh_level}，计 {float(points):g}；证据为“{zh_strength}”，"
        f"可证 {float(evidenced):g}；{zh_weight}。",
        "en": f"{en_level}, worth {float(points):g}; {en_strength}, "
        f"so {float(evidenced):g} is evidenced; {en_weight}.",
    }


def _yesno_reason(rating: Rating, words: _Words) -> Localized:
    most = float(words.weight(rating.weight))
    earned = most * float(words.share(rating.points))
    zh, en = ("是", "yes") if rating.value else ("否", "no")
    return {
        "zh": f"答为“{zh}”，计 {earned:g} 分，满分 {most:g} 分。",
        "en": f"Answered {en}: {earned:g} of {most:g} points.",
    }


def _figure_reason(rating: Rating, words: _Words) -> Localized:
    most = float(words.weight(rating.weight))
    earned = most * float(words.share(rating.points))
    return {
        "zh": f"按数据计算得 {rating.value:g}，折合 {earned:g} 分，满分 {most:g} 分。",
        "en": f"Computed as {rating.value:g}, worth {earned:g} of {most:g} points.",
    }


def _level_words(rating: Rating) -> tuple[str, str]:
    if rating.level is None:
        return "按回答的值", "By the value answered"
    return f"等级 {rating.level}", f"Level {rating.level}"


def _weight_words(rating: Rating, words: _Words) -> tuple[str, str]:
    weight = f"{float(words.weight(rating.weight)):g}"
    if rating.state == "not_occurred":
        return (
            f"本期未发生，只计机制，权重减半为 {weight}",
            f"the event did not occur: the mechanism counts, half weight {weight}",
        )
    return f"权重 {weight}", f"weight {weight}"
