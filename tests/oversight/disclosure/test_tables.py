"""The menu: what is merged, hidden, withheld and marked."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings, strategies as st

from oversight.disclosure.cells import (
    ADVISED,
    ADVISED_CERTIFIED,
    ALL,
    SUBMITTED,
    finest_cells,
)
from oversight.disclosure.change_rule import Figure
from oversight.disclosure.linked import hidden_enough
from oversight.disclosure.menu import menu
from oversight.disclosure.redesign import Grid, coarsened, merged_small
from oversight.disclosure.scheme import SCORES
from oversight.disclosure.tables import Note, NoteCode
from oversight.disclosure.words import _NOTES, note_words
from tests.oversight.disclosure.city import SCHEME

NOW = 7


def drawn(**values: int):
    """Figures of all cells, 0 unless said: `district_d1=5`, `submitted=150`."""
    figures = {cell: Figure(0, NOW) for cell in finest_cells(SCHEME)}
    names = {"_".join(cell): cell for cell in figures}
    return figures | {names[name]: Figure(n, NOW) for name, n in values.items()}


def table(key: str, figures, snapshot: int = NOW):
    tables = menu(figures, SCHEME, snapshot).tables
    return next(table for table in tables if table.key == key)


def shown(one) -> dict[str, int | None]:
    return {"+".join((*e.row, *e.column)): e.value for e in one.entries}


def test_the_menu_is_fixed():
    assert [one.key for one in menu(drawn(), SCHEME, NOW).tables] == [
        "stage", "stay", "wait", "district", "industry", "size", "band", "score",
        "edition",
        "zone_industry", "zone_band", "gaps:2013", "gaps:2023", "agency",
        "agency_certified",
    ]  # fmt: skip


def test_numbers_below_five_are_hidden_and_so_are_those_below_nothing():
    one = table("size", drawn(size_micro=5, size_small=0, size_medium=-5))
    assert shown(one) == {"micro": 5, "small": None, "medium": None, "large": None}
    assert Note(NoteCode.HIDDEN, 5) in one.notes


def test_shares_are_of_shown_numbers():
    one = table("size", drawn(size_micro=15, size_small=5, size_large=10))
    assert [entry.share for entry in one.entries] == [50, 17, None, 33]


def test_the_total_of_a_table_is_the_number_drawn_for_it():
    assert table("size", drawn(submitted=35, size_micro=15)).total == 35
    assert table("stage", drawn(all=45)).total == 45
    assert table("size", drawn(submitted=0)).total is None


def test_small_districts_are_merged_and_said_to_be():
    one = table("district", drawn(district_d0=40, district_d1=10, district_d2=5))
    rest = "+".join(f"d{number}" for number in range(2, 14))
    assert shown(one) == {"d0": 40, "d1": 10, rest: 5}
    assert Note(NoteCode.MERGED, categories=tuple(rest.split("+"))) in one.notes


def test_one_small_category_is_never_alone():
    figures = drawn(**{f"industry_i{n}": 10 * n for n in range(2, 7)})
    assert merged_small("industry", SCHEME.industries, figures) == (
        ("i3",), ("i4",), ("i5",), ("i6",), ("i1", "i2"),
    )  # fmt: skip


def test_nothing_is_merged_where_nothing_is_small():
    figures = drawn(**{f"industry_i{n}": 10 for n in range(1, 7)})
    assert len(merged_small("industry", SCHEME.industries, figures)) == 6


def test_two_way_tables_are_shown_from_150_on():
    for key in ("zone_industry", "zone_band"):
        below = table(key, drawn(submitted=145))
        assert (below.entries, below.notes) == ((), (Note(NoteCode.SHOWN_FROM, 150),))
        assert table(key, drawn(submitted=150)).entries != ()


def test_the_note_says_from_when_on():
    assert note_words(Note(NoteCode.SHOWN_FROM, 150)) == {
        "zh": "满 150 家后显示。",
        "en": "Shown from 150 groups on.",
    }


def test_every_note_has_words():
    assert set(_NOTES) == set(NoteCode)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(-1, 20), min_size=30, max_size=30))
def test_a_two_way_table_holds_ten_on_average_and_loses_nobody(numbers):
    cells = list(product(SCHEME.zones, SCHEME.industries))
    values = dict(zip(cells, (5 * n for n in numbers), strict=True))
    figures = {("zone_industry", *cell): Figure(n, NOW) for cell, n in values.items()}
    total = max(150, sum(values.values()))
    rows, columns = (tuple((n,) for n in s) for s in (SCHEME.zones, SCHEME.industries))
    grid = coarsened(
        Grid("zone_industry", rows, columns, figures), total, merge_columns=True
    )
    lines = len(grid.rows) * len(grid.columns)
    assert lines * 10 <= total
    assert sum(grid.row_sum(row) for row in grid.rows) == sum(values.values())
    assert sum(grid.column_sum(c) for c in grid.columns) == sum(values.values())
    assert sorted(name for row in grid.rows for name in row) == sorted(SCHEME.zones)
    assert len(grid.rows) == 1 or all(grid.filled(row) >= 2 for row in grid.rows)


def test_a_row_of_one_band_is_merged():
    figures = drawn(
        submitted=400, zone_band_z1_A=80,
        **{f"zone_band_z{z}_{b}": 20 for z in range(2, 6) for b in "ABCD"},
    )  # fmt: skip
    one = table("zone_band", figures)
    assert ("z1",) not in one.rows
    assert ("z1", "z2") in one.rows


def test_merged_parts_stand_in_the_order_of_the_reference_data():
    figures = drawn(submitted=150, **{f"zone_band_z{z}_A": 10 * z for z in range(1, 6)})
    for line in table("zone_band", figures).rows:
        assert line == tuple(sorted(line))


def test_the_ten_largest_gaps_are_shown_with_their_shares():
    values = {f"gap_2023_c{n}": 5 * n for n in range(1, 13)}
    one = table("gaps:2023", drawn(edition_2023=100, **values))
    assert [entry.row[0] for entry in one.entries] == [
        f"c{n}" for n in range(12, 2, -1)
    ]
    assert [entry.share for entry in one.entries][:3] == [60, 55, 50]
    assert one.total == 100


def test_a_share_never_exceeds_a_hundred():
    one = table("gaps:2023", drawn(edition_2023=20, gap_2023_c1=25))
    assert [entry.share for entry in one.entries] == [100]


def test_gaps_and_averages_need_twenty():
    one = table("gaps:2023", drawn(edition_2023=15, gap_2023_c1=15))
    assert (one.entries, one.notes) == ((), (Note(NoteCode.SHOWN_FROM, 20),))
    assert menu(drawn(score_50=15), SCHEME, NOW).average is None
    assert menu(drawn(score_50=20), SCHEME, NOW).average is not None


def test_mean_and_quartiles_come_from_the_shown_classes():
    average = menu(drawn(score_40=10, score_50=20, score_90=10), SCHEME, NOW).average
    assert (average.mean, average.median, average.total) == (62, 55, 40)
    assert (average.lower_quartile, average.upper_quartile) == (50, 60)


def test_quartiles_cut_a_class_in_proportion():
    average = menu(drawn(score_20=20, score_60=60), SCHEME, NOW).average
    quartiles = average.lower_quartile, average.median, average.upper_quartile
    assert quartiles == (30, 63, 67)


def test_the_median_is_in_the_class_that_holds_the_middle():
    for low in SCORES:
        average = menu(drawn(**{f"score_{low}": 40}), SCHEME, NOW).average
        assert average.median == int(low) + 5


def test_small_agencies_are_pooled():
    figures = drawn(advised=60, agency_agency1=25, agency_agency2=10, agency_agency3=5)
    assert shown(table("agency", figures)) == {"agency1": 25, "agency2": 10, "": 25}


def test_of_named_agencies_the_certified_are_told_with_their_share():
    figures = drawn(
        advised=60, agency_agency1=40, agency_agency2=5,
        advised_certified=20, agency_certified_agency1=10, agency_certified_agency2=5,
    )  # fmt: skip
    one = table("agency_certified", figures)
    assert [(e.row, e.value, e.share) for e in one.entries] == [
        (("agency1",), 10, 25),
        ((), 10, 50),
    ]


def test_an_older_number_carries_its_mark_whatever_has_happened():
    figures = drawn(size_micro=10, size_small=10)
    old = figures | {("size", "small"): Figure(10, NOW - 2)}
    micro, small, *_ = table("size", old).entries
    assert (micro.held, micro.since) == (False, NOW)
    assert (small.held, small.since) == (True, NOW - 2)
    assert Note(NoteCode.HELD) in table("size", old).notes
    assert Note(NoteCode.HELD) not in table("size", figures).notes


def test_a_merged_number_is_as_young_as_its_youngest_part():
    figures = drawn(district_d0=40, district_d1=30, district_d2=5, district_d3=5)
    figures |= {("district", "d2"): Figure(0, 3), ("district", "d3"): Figure(0, 4)}
    for place in range(4, 14):
        figures["district", f"d{place}"] = Figure(0, 2)
    last = table("district", figures).entries[-1]
    assert (last.row[:2], last.since, last.held) == (("d1", "d2"), NOW, False)


def test_hiding_more_leaves_numbers_that_are_wide_enough_alone():
    figures = drawn(submitted=35, size_micro=15, size_small=20, band_A=30)
    tables = menu(figures, SCHEME, NOW).tables
    assert hidden_enough(tables) == tables


def test_with_little_noise_more_is_hidden_and_said_to_be(monkeypatch):
    """Were numbers nearly exact, the total would give the small ones away."""
    monkeypatch.setattr("oversight.disclosure.linked.REACH", 1)
    monkeypatch.setattr("oversight.disclosure.linked.window", lambda n: (n, n))
    figures = drawn(submitted=45, size_micro=15, size_small=30, size_large=3)
    size = table("size", figures)
    bare = replace(size, notes=tuple(n for n in size.notes if n.code != "hidden"))
    (one,) = hidden_enough((bare,))
    assert [e.value for e in one.entries] == [None, 30, None, None]
    assert [e.share for e in one.entries] == [None, 67, None, None]
    assert one.notes[0] == Note(NoteCode.HIDDEN, 5)


def test_all_and_submitted_and_advised_are_cells_of_their_own():
    assert finest_cells(SCHEME)[:3] == (ALL, SUBMITTED, ADVISED)
    assert ADVISED_CERTIFIED in finest_cells(SCHEME)


def test_a_two_way_table_has_a_greatest_size():
    with pytest.raises(ValueError, match="5 zones"):
        replace(SCHEME, zones=tuple("abcdef"))
    with pytest.raises(ValueError, match="6 industries"):
        replace(SCHEME, industries=tuple("abcdefg"))
