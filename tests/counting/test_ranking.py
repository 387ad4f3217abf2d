"""League tables: shared ranks, stated rates, no rank on too few, units by year."""

from fractions import Fraction

from oversight.counting.first_certifications import count_first_certifications
from oversight.counting.ranking import (
    Denominator,
    Entry,
    Rate,
    ReportingUnit,
    counts_by_unit,
    league_table,
    units_of,
)
from tests.counting.builders import SUCCESSORS, certificate, day, enterprise, facts


def unit(code, year=2020, *divisions):
    return ReportingUnit(code, {"zh": code}, year, frozenset(divisions or (code,)))


def entry(code, count, base=20, firms=None):
    denominator = (
        Denominator(Fraction(firms), "规上企业 2020", "统计年鉴") if firms else None
    )
    return Entry(unit(code), count, base, denominator)


def ranks(rows):
    return [(row.unit.code, row.rank) for row in rows]


def test_ties_share_a_rank_and_the_next_is_skipped():
    rows = league_table([entry("a", 7), entry("b", 9), entry("c", 9), entry("d", 3)])

    assert ranks(rows) == [("b", 1), ("c", 1), ("a", 3), ("d", 4)]


def test_a_rate_keeps_the_count_and_its_denominator():
    rows = league_table(
        [entry("a", 9, firms=300), entry("b", 6, firms=100)], Rate.PER_100_FIRMS
    )

    assert [(r.unit.code, r.count, r.measure) for r in rows] == [
        ("b", 6, 6),
        ("a", 9, 3),
    ]
    assert rows[0].denominator.of == "规上企业 2020"
    assert Rate.PER_100_FIRMS.words["zh"] == "每百家规上企业"


def test_a_rate_per_ten_thousand_people():
    [row] = league_table([entry("a", 9, firms=300_000)], Rate.PER_10000_PEOPLE)

    assert row.measure == Fraction(3, 10)


def test_fewer_than_five_have_no_rank_and_push_nobody_down():
    rows = league_table([entry("a", 9, base=4), entry("b", 7, base=5), entry("c", 3)])

    assert ranks(rows) == [("b", 1), ("c", 2), ("a", None)]
    assert rows[-1].note["zh"] == "不足 5 家，不排名"


def test_without_a_denominator_there_is_no_rate():
    rows = league_table([entry("a", 9), entry("b", 1, firms=100)], Rate.PER_100_FIRMS)

    assert ranks(rows) == [("b", 1), ("a", None)]
    assert rows[-1].note["zh"] == "没有分母"


def test_units_are_those_of_the_year_and_nothing_is_lost():
    units = [
        unit("zhifu", 2019, "370602"),
        unit("penglai", 2019, "370684", "370634"),
        unit("zone", 2020, "370672"),
    ]
    known = facts(
        certificate("A", "2019-03-01"),
        enterprise("B", "370684"),
        certificate("B", "2019-03-01"),
        enterprise("C", "370672"),
        certificate("C", "2019-03-01"),
    )
    tally = count_first_certifications(known, day("2019-12-31"), successors=SUCCESSORS)

    counts = counts_by_unit(tally.lines, units_of(units, 2019), current=False)

    assert counts == {"zhifu": 1, "penglai": 1, "": 1}
    assert sum(counts.values()) == tally.total
    now = counts_by_unit(tally.lines, (unit("p", 2021, "370614"),), current=True)
    assert now == {"p": 1, "": 2}
