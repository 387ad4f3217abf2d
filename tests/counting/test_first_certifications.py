"""Every row of the table of cases for first certifications."""

import pytest

from oversight.counting.facts import Issue, Standard, Verification
from oversight.counting.first_certifications import (
    CertificationRule,
    count_first_certifications,
    explain_enterprise,
)
from oversight.counting.reasons import Flag, Outcome, Reason
from oversight.counting.valid_stock import count_valid_stock
from tests.counting.builders import (
    NEW,
    SUCCESSORS,
    certificate,
    code,
    day,
    enterprise,
    facts,
    outcome,
    state,
    title,
)

END = day("2020-12-31")
PENGLAI = ("370684", None, day("2020-06-05"))
R, U, B = Issue.RECERTIFICATION, Issue.UPGRADE, Issue.CHANGE_OF_BODY
FIRST = "计入：首次获证"

# case: the row's words; things; what each certificate comes to; the years counted
CASES = {
    "renewal / re-certification (R1, R2)": (
        [
            certificate("A", "2016-05-01", "R0"),
            certificate("A", "2016-05-01", "R1", issued="2019-04-01", issue=R),
        ],
        {"R0": FIRST, "R1": "未计：复评换证"},
        {2016: 1},
    ),
    "upgrade 2013→2023 edition": (
        [
            certificate("A", "2016-05-01", "old"),
            certificate(
                "A", "2016-05-01", "new", issued="2020-03-01", issue=U, standard=NEW
            ),
        ],
        {"old": FIRST, "new": "未计：标准换版换证"},
        {2016: 1},
    ),
    "change of certification body": (
        [
            certificate("A", "2017-05-01", "one"),
            certificate("A", "2019-05-01", "two", issue=B, body="other"),
        ],
        {"one": FIRST, "two": "未计：更换认证机构"},
        {2017: 1},
    ),
    "certificate lapsed, firm certified again later": (
        [
            certificate("A", "2016-05-01", "lapsed", expires_on="2018-01-31"),
            certificate("A", "2019-05-01", "again"),
        ],
        {"lapsed": FIRST, "again": "未计：重新获证"},
        {2016: 1},
    ),
    "suspended or withdrawn later: stays in the year's flow": (
        [
            certificate(
                "A", "2016-05-01", "sus", states=(state("suspended", "2018-01-01"),)
            ),
            certificate(
                "B", "2017-05-01", "wit", states=(state("withdrawn", "2018-01-01"),)
            ),
        ],
        {"sus": FIRST, "wit": FIRST},
        {2016: 1, 2017: 1},
    ),
    "fraud: removed with a correction note": (
        [
            certificate(
                "A",
                "2017-05-01",
                "void",
                states=(
                    state("withdrawn", "2019-01-01", fraud=True, document="决定1号"),
                ),
            )
        ],
        {"void": "未计：以欺骗手段取得，已撤销并更正"},
        {},
    ),
    "issued in 2015, copy received in 2016": (
        [certificate("A", "2015-12-30", "late")],
        {"late": FIRST},
        {2015: 1},
    ),
    "audit passed Dec, issued Jan": (
        [certificate("A", "2018-01-04", "january")],
        {"january": FIRST},
        {2018: 1},
    ),
    "group certificate covering subsidiaries: the named holder": (
        [
            certificate("A", "2018-01-04", "group"),
            certificate("B", "2018-01-04", "group", group_holder=code("A")),
        ],
        None,
        {2018: 1},
    ),
    "subsidiary separately named with own certificate": (
        [
            certificate("A", "2018-01-04", "group"),
            certificate("B", "2018-01-04", "own", group_holder=code("A")),
        ],
        {"group": FIRST, "own": FIRST},
        {2018: 2},
    ),
    "two sites, same USCC": (
        [
            certificate("A", "2018-01-04", "site 1"),
            certificate("A", "2018-03-04", "site 2"),
        ],
        {"site 1": FIRST, "site 2": "未计：同一企业的另一张证书"},
        {2018: 1},
    ),
    "rename / address change": (
        [
            enterprise(
                "A", ("370602", None, day("2018-01-01")), ("370611", day("2018-01-01"))
            ),
            certificate("A", "2017-01-04", "before"),
            certificate("A", "2017-01-04", "after", issued="2020-01-04", issue=R),
        ],
        {"before": FIRST, "after": "未计：复评换证"},
        {2017: 1},
    ),
    "merger, both certified: history stays 2": (
        [
            enterprise("A"),
            enterprise("B", deregistered_on=day("2019-01-01"), merged_into=code("A")),
            certificate("A", "2017-01-04", "a"),
            certificate("B", "2018-01-04", "b"),
        ],
        {"a": FIRST, "b": FIRST},
        {2017: 1, 2018: 1},
    ),
    "moves into Yantai with a certificate": (
        [
            enterprise(
                "A", ("", None, day("2018-01-01")), ("370602", day("2018-01-01"))
            ),
            certificate("A", "2016-01-04", "elsewhere"),
            certificate("A", "2016-01-04", "here", issued="2019-01-04", issue=R),
        ],
        {"elsewhere": "未计：当日不在本市", "here": "未计：复评换证"},
        {},
    ),
    "moves out after": (
        [
            enterprise(
                "A", ("370602", None, day("2018-01-01")), ("", day("2018-01-01"))
            ),
            certificate("A", "2016-01-04", "here"),
        ],
        {"here": FIRST},
        {2016: 1},
    ),
    "university / institute (GB/T 33251 / 33250)": (
        [
            certificate("A", "2018-01-04", "u", standard=Standard.UNIVERSITY_2016),
            certificate("B", "2018-01-04", "i", standard=Standard.RESEARCH_2016),
        ],
        {"u": "未计：依据的不是本指标的标准", "i": "未计：依据的不是本指标的标准"},
        {},
    ),
    "ISO 56005 level": (
        [certificate("A", "2018-01-04", "iso", standard=Standard.INNOVATION)],
        {"iso": "未计：依据的不是本指标的标准"},
        {},
    ),
    "uncheckable certificate": (
        [certificate("A", "2018-01-04", "?", verification=Verification.PENDING)],
        {"?": "待核：尚未核验"},
        {},
    ),
    "verification failed": (
        [certificate("A", "2018-01-04", "x", verification=Verification.REJECTED)],
        {"x": "未计：核验不通过"},
        {},
    ),
    "not an enterprise: sole trader, institution": (
        [
            enterprise("A", kind="92"),
            enterprise("B", kind="12"),
            certificate("A", "2018-01-04", "92", kind="92"),
            certificate("B", "2018-01-04", "12", kind="12"),
        ],
        {"92": "未计：持证单位不是企业", "12": "未计：持证单位不是企业"},
        {},
    ),
    "co-operative: the bureau's word is missing": (
        [enterprise("A", kind="93"), certificate("A", "2018-01-04", "93", kind="93")],
        {"93": "待核：农民专业合作社是否计入，待主管部门明确"},
        {},
    ),
    "renewal without known first certificate": (
        [certificate("A", "2016-05-01", "R1", issued="2019-04-01", issue=R)],
        {"R1": FIRST},
        {2016: 1},
    ),
    "place unknown on the day": (
        [
            enterprise("A", ("370602", day("2019-01-01"))),
            certificate("A", "2018-01-04", "c"),
        ],
        {"c": "待核：当日所在区市不明"},
        {},
    ),
    "renewal of a voided certificate": (
        [
            certificate(
                "A",
                "2016-05-01",
                "R0",
                states=(state("withdrawn", "2018-01-01", fraud=True),),
            ),
            certificate("A", "2016-05-01", "R1", issued="2019-04-01", issue=R),
        ],
        {
            "R0": "未计：以欺骗手段取得，已撤销并更正",
            "R1": "待核：换证所依据的首张证书已因欺骗撤销",
        },
        {},
    ),
    "a voided renewal leaves the first": (
        [
            certificate("A", "2016-05-01", "R0"),
            certificate(
                "A",
                "2016-05-01",
                "R1",
                issued="2019-04-01",
                issue=R,
                states=(state("withdrawn", "2020-01-01", fraud=True),),
            ),
        ],
        {"R0": FIRST, "R1": "未计：以欺骗手段取得，已撤销并更正"},
        {2016: 1},
    ),
    "an honest certificate after a voided one": (
        [
            certificate(
                "A",
                "2016-05-01",
                "void",
                states=(state("withdrawn", "2017-01-01", fraud=True),),
            ),
            certificate("A", "2018-05-01", "honest"),
        ],
        {"void": "未计：以欺骗手段取得，已撤销并更正", "honest": FIRST},
        {2018: 1},
    ),
    "an honest certificate of the same day as a voided one": (
        [
            certificate(
                "A",
                "2016-05-01",
                "void",
                states=(state("withdrawn", "2017-01-01", fraud=True),),
            ),
            certificate("A", "2016-05-01", "honest", body="other"),
        ],
        {"void": "未计：以欺骗手段取得，已撤销并更正", "honest": FIRST},
        {2016: 1},
    ),
    "certificate taken over by a merger": (
        [
            enterprise("A"),
            enterprise("B", deregistered_on=day("2019-01-01"), merged_into=code("A")),
            certificate("B", "2017-01-04", "b"),
            certificate("A", "2017-01-04", "a", issued="2019-02-01", issue=R),
        ],
        {"b": FIRST, "a": "未计：合并承继的证书，首次获证已计在原企业"},
        {2017: 1},
    ),
    "after the day of the count": (
        [certificate("A", "2021-01-01", "later")],
        {"later": "未计：发生在统计日之后"},
        {},
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_case(case):
    things, expected, years = CASES[case]

    tally = count_first_certifications(facts(*things), END)

    assert tally.by_year() == years
    assert tally.total == sum(years.values())
    if expected is not None:
        assert outcome(tally) == expected


def test_a_group_certificate_counts_for_the_holder_it_names():
    things, _expected, _years = CASES[
        "group certificate covering subsidiaries: the named holder"
    ]
    known = facts(*things)

    strict = count_first_certifications(known, END)
    wide = count_first_certifications(known, END, CertificationRule(group_members=True))

    assert [(x.name, x.reason) for x in strict.lines] == [
        ("A", Reason.FIRST),
        ("B", Reason.GROUP_MEMBER),
    ]
    assert wide.total == 2


@pytest.mark.parametrize(
    ("decided", "outcome_then"),
    [(None, Outcome.TO_VERIFY), (True, Outcome.COUNTED), (False, Outcome.NOT_COUNTED)],
)
def test_a_co_operative_counts_as_the_bureau_decides(decided, outcome_then):
    things, _expected, _years = CASES["co-operative: the bureau's word is missing"]
    rule = CertificationRule(cooperatives=decided)

    [line] = count_first_certifications(facts(*things), END, rule).lines

    assert line.reason.outcome is outcome_then


def test_moves_between_districts_count_where_it_was_on_the_day():
    known = facts(
        enterprise(
            "A", ("370602", None, day("2018-01-01")), ("370611", day("2018-01-01"))
        ),
        certificate("A", "2017-12-31"),
        enterprise(
            "B", ("370602", None, day("2018-01-01")), ("370611", day("2018-01-01"))
        ),
        certificate("B", "2018-01-01"),
    )

    tally = count_first_certifications(known, END)

    assert tally.by_division(current=False) == {"370602": 1, "370611": 1}


def test_penglai_and_changdao_have_rows_then_and_one_row_now():
    known = facts(
        enterprise("A", PENGLAI, ("370614", day("2020-06-05"))),
        certificate("A", "2019-03-01"),
        enterprise(
            "B",
            ("370634", None, day("2020-06-05")),
            ("370614", day("2020-06-05")),
        ),
        certificate("B", "2018-03-01"),
        enterprise("C", "370614"),
        certificate("C", "2020-09-01"),
    )

    tally = count_first_certifications(known, END, successors=SUCCESSORS)

    assert tally.by_division(current=False) == {"370614": 1, "370634": 1, "370684": 1}
    assert tally.by_division(current=True) == {"370614": 3}


def test_a_performance_evaluation_is_no_certificate():
    """The register has no word for 绩效评价, so none can be entered as one."""
    with pytest.raises(ValueError, match="绩效评价"):
        Standard("绩效评价")


def test_self_declared_applied_and_in_audit_is_in_the_pipeline_alone():
    known = facts(enterprise("A"))
    tally = count_first_certifications(known, END)

    [line] = explain_enterprise(known, code("A"), tally, END).lines

    assert tally.lines == ()
    assert (line.name, line.reason.words["zh"]) == ("A", "未计：尚未获证，仅列在途")


def test_an_enterprise_is_explained_by_its_own_lines():
    known = facts(certificate("A", "2016-05-01"), certificate("B", "2017-05-01"))
    tally = count_first_certifications(known, END)

    assert [x.name for x in explain_enterprise(known, code("B"), tally, END).lines] == [
        "B"
    ]


def test_a_correction_names_its_document_and_the_year_it_leaves():
    things, _expected, _years = CASES["fraud: removed with a correction note"]

    [line] = count_first_certifications(facts(*things), END).corrections

    assert (line.year, line.detail) == (2017, "决定1号")


def test_a_first_that_is_not_on_file_is_flagged():
    things, _expected, _years = CASES["renewal without known first certificate"]

    [line] = count_first_certifications(facts(*things), END).counted

    assert (line.on, line.rests_on) == (day("2016-05-01"), "R1")
    assert line.flags == (Flag.FIRST_NOT_ON_FILE,)


def test_what_ended_since_is_flagged_and_still_counted():
    known = facts(certificate("A", "2016-05-01", expires_on="2019-04-30"))

    [line] = count_first_certifications(known, day("2019-04-30")).counted
    [later] = count_first_certifications(known, day("2019-05-01")).counted

    assert (line.flags, later.flags) == ((), (Flag.NOT_VALID_NOW,))


def test_the_initial_certificate_is_what_the_count_rests_on():
    known = facts(
        certificate("A", "2016-05-01", "R1", issued="2019-04-01", issue=R),
        certificate("A", "2016-05-01", "R0"),
    )

    [line] = count_first_certifications(known, END).counted

    assert line.rests_on == "R0"


def test_an_unknown_holder_is_to_be_verified():
    known = facts(certificate("A", "2016-05-01"))
    nobody = type(known)(certificates=known.certificates)

    [line] = count_first_certifications(nobody, END).to_verify

    assert line.reason.words["zh"] == "待核：持有单位未登记"


def test_a_certificate_that_follows_at_once_is_no_lapse():
    known = facts(
        certificate("A", "2016-05-01", "a", expires_on="2019-04-30"),
        certificate("A", "2019-05-01", "b"),
        certificate("B", "2016-05-01", "c", expires_on="2019-04-30"),
        certificate("B", "2019-05-02", "d"),
    )

    found = outcome(count_first_certifications(known, END))

    assert (found["b"], found["d"]) == ("未计：同一企业的另一张证书", "未计：重新获证")


def test_a_certificate_withdrawn_early_ends_on_the_day_before():
    known = facts(
        certificate("A", "2016-05-01", "a", states=(state("cancelled", "2017-05-01"),)),
        certificate("A", "2017-06-01", "b"),
    )

    assert outcome(count_first_certifications(known, END))["b"] == "未计：重新获证"


STOCK_DAY = day("2019-06-30")
STOCK_CASES = {
    "valid": ([certificate("A", "2018-01-04", "c")], "计入：当日持有有效证书"),
    "last day": (
        [certificate("A", "2017-01-04", "c", expires_on="2019-06-30")],
        "计入：当日持有有效证书",
    ),
    "expired": (
        [certificate("A", "2017-01-04", "c", expires_on="2019-06-29")],
        "未计：证书已过期",
    ),
    "suspended": (
        [
            certificate(
                "A", "2018-01-04", "c", states=(state("suspended", "2019-06-30"),)
            )
        ],
        "未计：证书暂停",
    ),
    "suspended and lifted": (
        [
            certificate(
                "A",
                "2018-01-04",
                "c",
                states=(state("suspended", "2019-01-01"), state("valid", "2019-03-01")),
            )
        ],
        "计入：当日持有有效证书",
    ),
    "withdrawn": (
        [
            certificate(
                "A", "2018-01-04", "c", states=(state("withdrawn", "2019-01-01"),)
            )
        ],
        "未计：证书已撤销",
    ),
    "cancelled": (
        [
            certificate(
                "A", "2018-01-04", "c", states=(state("cancelled", "2019-01-01"),)
            )
        ],
        "未计：证书已注销",
    ),
    "not yet": ([certificate("A", "2019-07-01", "c")], "未计：发生在统计日之后"),
    "moved away": (
        [
            enterprise(
                "A", ("370602", None, day("2019-01-01")), ("", day("2019-01-01"))
            ),
            certificate("A", "2018-01-04", "c"),
        ],
        "未计：当日不在本市",
    ),
    "merged": (
        [
            enterprise("A", deregistered_on=day("2019-06-30"), merged_into=code("B")),
            certificate("A", "2018-01-04", "c"),
        ],
        "未计：企业已注销",
    ),
    "pending": (
        [certificate("A", "2018-01-04", "c", verification=Verification.PENDING)],
        "待核：尚未核验",
    ),
    "other standard": (
        [certificate("A", "2018-01-04", "c", standard=Standard.INNOVATION)],
        "未计：依据的不是本指标的标准",
    ),
}


@pytest.mark.parametrize("case", STOCK_CASES)
def test_valid_stock(case):
    things, expected = STOCK_CASES[case]

    tally = count_valid_stock(facts(*things), STOCK_DAY)

    assert outcome(tally) == {"c": expected}


def test_a_renewal_keeps_the_stock_at_one_and_editions_add_up():
    known = facts(
        certificate("A", "2022-05-01", "old"),
        certificate(
            "A", "2022-05-01", "new", issued="2024-06-01", issue=U, standard=NEW
        ),
        certificate("B", "2023-05-01", "b"),
    )

    tally = count_valid_stock(known, day("2024-12-31"))

    assert tally.by_category() == {"GB/T 29490-2013": 1, "GB/T 29490-2023": 1}
    assert outcome(tally)["old"] == "未计：同一企业已按另一项计入一次"


def test_the_old_edition_ends_with_the_transition():
    known = facts(certificate("A", "2024-05-01", "old"))

    assert count_valid_stock(known, day("2025-12-31")).total == 1
    assert outcome(count_valid_stock(known, day("2026-01-01"))) == {
        "old": "未计：旧版证书在转换期满后不再有效"
    }


def test_a_merger_of_two_certified_leaves_one_in_stock_and_two_in_history():
    things, _expected, _years = CASES["merger, both certified: history stays 2"]
    known = facts(*things)

    assert count_valid_stock(known, day("2018-12-31")).total == 2
    assert count_valid_stock(known, day("2019-01-01")).total == 1
    assert count_first_certifications(known, END).total == 2


def test_a_title_is_no_certificate():
    assert count_first_certifications(facts(title("A")), END).lines == ()
