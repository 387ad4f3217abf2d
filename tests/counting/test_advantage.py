"""Every row of the table of cases for advantage enterprises, and the later flows."""

import pytest

from oversight.counting.advantage import (
    AdvantageRule,
    Tier,
    count_advantage_enterprises,
    count_ever_recognised,
    holdings_by_tier,
)
from oversight.counting.facts import (
    Level,
    ReviewResult,
    Stage,
    Title,
    TitleReview,
    Verification,
)
from oversight.counting.reasons import Flag
from oversight.counting.title_flow import count_title_flow
from tests.counting.builders import SUCCESSORS, day, enterprise, facts, outcome, title

END = day("2020-12-31")
HOLDS = "计入：当日持有称号"
ONCE = "未计：同一企业已按另一项计入一次"
N, P, M, C = Level.NATIONAL, Level.PROVINCIAL, Level.MUNICIPAL, Level.COUNTY


def review(result, on, term=None):
    return TitleReview(ReviewResult(result), day(on), "复核文件", term and day(term))


CASES = {
    "municipal + provincial + national": (
        [
            title("A", document="m"),
            title("A", document="p", level=P),
            title("A", document="n", level=N),
        ],
        {"m": ONCE, "p": ONCE, "n": HOLDS},
    ),
    "优势培育企业": (
        [title("A", document="c", stage=Stage.CULTIVATED)],
        {"c": "未计：优势培育企业，尚未认定"},
    ),
    "示范 at any level": (
        [title("A", document="d", title=Title.DEMONSTRATION)],
        {"d": HOLDS},
    ),
    "term ended, review pending": (
        [title("A", document="t", term_ends_on=day("2020-06-30"))],
        {"t": HOLDS},
    ),
    "failed review": (
        [title("A", document="f", reviews=(review("failed", "2020-12-31"),))],
        {"f": "未计：复核未通过"},
    ),
    "missed review": (
        [title("A", document="f", reviews=(review("missed", "2020-05-01"),))],
        {"f": "未计：未参加复核"},
    ),
    "second try next year": (
        [
            title(
                "A",
                document="f",
                reviews=(
                    review("failed", "2019-05-01"),
                    review("passed", "2020-05-01"),
                ),
            )
        ],
        {"f": HOLDS},
    ),
    "title of a county-level body": (
        [title("A", document="k", level=C)],
        {"k": "未计：县级称号，低于市级"},
    ),
    "awards with similar names": (
        [title("A", document="s", title=Title.OTHER, name="专利明星")],
        {"s": "未计：名称相近，不在等同名单"},
    ),
    "veto event after recognition": (
        [title("A", document="v", vetoed_on=day("2019-01-01"))],
        {"v": HOLDS},
    ),
    "deregistered": (
        [enterprise("A", deregistered_on=END), title("A", document="x")],
        {"x": "未计：企业已注销"},
    ),
    "withdrawn by a document": (
        [title("A", document="w", ended_on=END, end_reason="撤销")],
        {"w": "未计：称号已终止"},
    ),
    "ends tomorrow": (
        [title("A", document="w", ended_on=day("2021-01-01"))],
        {"w": HOLDS},
    ),
    "recognised tomorrow": (
        [title("A", "2021-01-01", document="t")],
        {"t": "未计：发生在统计日之后"},
    ),
    "recognised today": ([title("A", "2020-12-31", document="t")], {"t": HOLDS}),
    "not verified": (
        [title("A", document="?", verification=Verification.PENDING)],
        {"?": "待核：尚未核验"},
    ),
    "verification failed": (
        [title("A", document="?", verification=Verification.REJECTED)],
        {"?": "未计：核验不通过"},
    ),
    "moved away": (
        [
            enterprise("A", ("370602", None, END), ("", END)),
            title("A", document="g"),
        ],
        {"g": "未计：当日不在本市"},
    ),
    "place unknown": (
        [enterprise("A", ("370602", None, END)), title("A", document="g")],
        {"g": "待核：当日所在区市不明"},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_case(case):
    things, expected = CASES[case]

    tally = count_advantage_enterprises(facts(*things), END)

    assert outcome(tally) == expected
    assert tally.total == sum(words == HOLDS for words in expected.values())


@pytest.mark.parametrize(
    ("case", "flag"),
    [
        ("term ended, review pending", Flag.UNDER_REVIEW),
        ("veto event after recognition", Flag.VETO_ALERT),
    ],
)
def test_what_counts_with_a_flag(case, flag):
    things, _expected = CASES[case]

    [line] = count_advantage_enterprises(facts(*things), END).counted

    assert line.flags == (flag,)


def test_a_term_is_over_after_its_last_day_and_the_grace():
    known = facts(title("A", document="t", term_ends_on=day("2020-06-30")))
    rule = AdvantageRule(grace_days=90)

    def found(on):
        [line] = count_advantage_enterprises(known, day(on), rule).lines
        return line.counted, line.flags

    assert found("2020-06-30") == (True, ())
    assert found("2020-07-01") == (True, (Flag.UNDER_REVIEW,))
    assert found("2020-09-28") == (True, (Flag.UNDER_REVIEW,))
    assert found("2020-09-29") == (False, ())


def test_a_passed_review_moves_the_end_of_the_term():
    passed = (review("passed", "2020-05-01", "2023-04-30"),)
    known = facts(title("A", term_ends_on=day("2020-04-30"), reviews=passed))

    [line] = count_advantage_enterprises(known, END).counted

    assert line.flags == ()


def test_a_title_counts_until_the_day_of_the_failed_review():
    known = facts(title("A", reviews=(review("failed", "2020-05-01"),)))

    assert count_advantage_enterprises(known, day("2020-04-30")).total == 1
    assert count_advantage_enterprises(known, day("2020-05-01")).total == 0


def test_the_list_of_equivalents_is_the_bureaus():
    known = facts(
        title("A", title=Title.OTHER, name="专利明星企业"),
        title("B", title=Title.OTHER, name="贯标示范"),
    )
    rule = AdvantageRule(equivalents={"专利明星企业": Title.ADVANTAGE})

    [line] = count_advantage_enterprises(known, END, rule).counted

    assert (line.name, line.flags) == ("A", (Flag.BY_EQUIVALENCE,))


def test_an_end_is_told_in_the_words_of_its_document():
    things, _expected = CASES["withdrawn by a document"]

    [line] = count_advantage_enterprises(facts(*things), END).lines

    assert line.detail == "撤销"


def many():
    """15 national demonstration and 63 national advantage enterprises."""
    letters = [chr(33 + n) for n in range(78)]
    return facts(
        *(title(x, level=N, title=Title.DEMONSTRATION) for x in letters[:15]),
        *(title(x, level=N) for x in letters[15:]),
    )


def test_seventy_eight_against_fifty():
    tally = count_advantage_enterprises(many(), END)

    assert tally.total == 78
    assert tally.by_category() == {
        Tier.NATIONAL_DEMONSTRATION: 15,
        Tier.NATIONAL_ADVANTAGE: 63,
    }


def test_tiers_add_up_and_holdings_do_not():
    known = facts(
        title("A", level=N, title=Title.DEMONSTRATION),
        title("A", level=N),
        title("A"),
        title("B", level=P),
        title("B", document="second", level=P),
        title("B"),
        title("C"),
    )

    tally = count_advantage_enterprises(known, END)

    assert tally.by_category() == {
        Tier.NATIONAL_DEMONSTRATION: 1,
        Tier.PROVINCIAL: 1,
        Tier.MUNICIPAL: 1,
    }
    assert tally.total == 3
    assert holdings_by_tier(known, END) == {
        Tier.NATIONAL_DEMONSTRATION: 1,
        Tier.NATIONAL_ADVANTAGE: 1,
        Tier.PROVINCIAL: 1,
        Tier.MUNICIPAL: 3,
    }


def test_ever_recognised_counts_whoever_came_in_between():
    known = facts(
        title("A", "2015-06-01", document="before"),
        title("B", "2016-06-01", document="kept"),
        title("C", "2017-06-01", document="lost", ended_on=day("2019-01-01")),
        title("C", "2018-06-01", document="again"),
        title("D", "2018-06-01", document="grown", stage=Stage.CULTIVATED),
        title("E", "2021-06-01", document="after"),
    )

    tally = count_ever_recognised(known, day("2021-12-31"), (2016, 2020))

    assert outcome(tally) == {
        "before": "未计：不在统计期内",
        "kept": "计入：首次进入名单",
        "lost": "计入：首次进入名单",
        "again": ONCE,
        "grown": "未计：优势培育企业，尚未认定",
        "after": "未计：不在统计期内",
    }
    assert count_ever_recognised(known, day("2016-12-31"), (2016, 2020)).total == 1
    assert count_advantage_enterprises(known, END).total == 3


def test_titles_show_places_then_and_now():
    known = facts(enterprise("A", "370684"), title("A"))

    tally = count_advantage_enterprises(known, END, successors=SUCCESSORS)

    assert tally.by_division(current=False) == {"370684": 1}
    assert tally.by_division(current=True) == {"370614": 1}


def test_recognised_anew_by_the_city():
    known = facts(
        title("A", "2022-06-01", document="new"),
        title("A", "2023-06-01", document="twice"),
        title("B", "2023-06-01", document="nation", level=N),
        title("C", "2023-06-01", document="county", level=C),
        title("D", "2023-06-01", document="list", stage=Stage.CULTIVATED),
        title("E", "2023-06-01", document="demo", title=Title.DEMONSTRATION),
        title("F", "2025-06-01", document="later"),
        title("G", "2023-06-01", document="?", verification=Verification.PENDING),
    )

    tally = count_title_flow(known, day("2024-12-31"), Stage.RECOGNISED)

    assert outcome(tally) == {
        "new": "计入：首次进入名单",
        "twice": ONCE,
        "nation": "未计：不是市级称号",
        "county": "未计：县级称号，低于市级",
        "list": "未计：优势培育企业，尚未认定",
        "demo": "未计：名称相近，不在等同名单",
        "later": "未计：发生在统计日之后",
        "?": "待核：尚未核验",
    }
    assert tally.by_year() == {2022: 1}


def test_cultivated_anew_by_the_city():
    known = facts(
        title("A", "2025-06-01", document="list", stage=Stage.CULTIVATED),
        title("A", "2026-06-01", document="done"),
        enterprise("B", ("", None, END), ("370602", END)),
        title("B", "2020-06-01", document="away", stage=Stage.CULTIVATED),
        title("B", "2025-06-01", document="here", stage=Stage.CULTIVATED),
    )

    tally = count_title_flow(known, day("2026-12-31"), Stage.CULTIVATED)

    assert outcome(tally) == {
        "list": "计入：首次进入名单",
        "done": "未计：是认定，不是新培育",
        "away": "未计：当日不在本市",
        "here": ONCE,
    }
