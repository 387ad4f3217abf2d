"""What is published, what is refused, and that nothing raw gets out."""

import ast
import json
import random
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

import oversight.disclosure
from oversight.disclosure.cells import cells_of, finest_cells, tally
from oversight.disclosure.change_rule import MOST_UNMOVED, Held, K
from oversight.disclosure.proofs import NO_LIMIT, Proof, first_at_edge
from oversight.disclosure.publish import (
    Ledger,
    Prepared,
    Reason,
    Refused,
    prepare,
)
from oversight.disclosure.records import representatives
from oversight.disclosure.rounding import REACH
from oversight.disclosure.scheme import UnknownCategory, score_class
from oversight.disclosure.snapshot_audit import audit_snapshot
from oversight.disclosure.words import _REFUSALS, refusal_words
from tests.oversight.disclosure.city import SCHEME, SECRET, firm, firms

PACKAGE = Path(oversight.disclosure.__path__[0])
BLIND = ("menu", "redesign", "tables", "linked", "suppression")


def made(records, previous=None, snapshot=1, **values) -> Prepared:
    arguments = {"scheme": SCHEME, "secret": SECRET, **values}
    result = prepare(records=records, previous=previous, snapshot=snapshot, **arguments)
    assert isinstance(result, Prepared), result
    return result


def city(count: int = 200, seed: int = 1):
    return firms(random.Random(seed), count)


def numbers(value) -> list[int]:
    """Every number shown in a table, wherever it stands."""
    return [
        n
        for table in value["tables"]
        for n in [table["total"], *(entry["value"] for entry in table["entries"])]
        if n is not None
    ]


def test_the_same_arguments_give_the_same_bytes():
    here = city()
    one, other = made(here), made(list(reversed(here)))
    assert one.published.canonical == other.published.canonical
    assert len(one.published.sha256) == 64


def test_another_secret_gives_other_numbers():
    here = city()
    other = made(here, secret=b"another secret key, also 32 bytes")
    assert made(here).published.sha256 != other.published.sha256


def test_a_published_snapshot_is_plain_canonical_json():
    published = made(city()).published
    plain = json.loads(published.canonical)
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert text.encode() == published.canonical
    assert plain["snapshot"] == 1
    assert plain["rules"] == {"version": "1", "k": 5, "base": 5, "reach": 26}


@settings(deadline=None, max_examples=15)
@given(st.integers(1, 400), st.integers(0, 1_000))
def test_every_number_is_a_multiple_of_five_from_five_on(count, seed):
    result = prepare(
        records=city(count, seed), previous=None, snapshot=1,
        scheme=SCHEME, secret=SECRET,
    )  # fmt: skip
    if isinstance(result, Prepared):
        shown = numbers(json.loads(result.published.canonical))
        assert {n for n in shown if n % 5 or n < K} == set()


@settings(deadline=None, max_examples=15)
@given(st.integers(150, 400), st.integers(0, 1_000))
def test_two_way_sums_agree_with_the_total_within_reach(count, seed):
    """Each number of a part is within reach of its count, and the counts add up."""
    published = made(city(count, seed)).published
    for key in ("zone_industry", "zone_band"):
        table = published.table(key)
        if table.entries and table.total is not None:
            zones = len(SCHEME.zones)
            parts = zones * len(
                SCHEME.industries if key == "zone_industry" else SCHEME.bands
            )
            shown = sum(entry.value or 0 for entry in table.entries)
            assert abs(shown - table.total) <= REACH * (parts + 1)


def test_nothing_raw_is_in_what_is_published():
    """Canaries: names, keys and a count that cannot be drawn by chance."""
    here = [replace(one, unit=f"canary{i}", group=f"canary{i}", key=987654321000 + i)
            for i, one in enumerate(city(1_003))]  # fmt: skip
    published = made(here).published.canonical.decode()
    assert "canary" not in published
    assert "98765432" not in published
    assert "1003" not in published
    assert SECRET.decode() not in published


@pytest.mark.parametrize("name", BLIND)
def test_what_makes_tables_cannot_see_firms_or_counts(name):
    tree = ast.parse((PACKAGE / f"{name}.py").read_text("utf-8"))
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert imported & {"Record", "Tally", "tally", "Held", "Proof", "Ledger"} == set()


@pytest.mark.parametrize("path", sorted(PACKAGE.glob("*.py")), ids=lambda p: p.stem)
def test_a_module_reads_no_clock_file_network_or_chance(path):
    tree = ast.parse(path.read_text("utf-8"))
    imported = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else [alias.name for alias in node.names]
        )
    }
    impure = {"os", "pathlib", "io", "socket", "time", "datetime", "random", "secrets"}
    assert imported & impure == set()


def test_firms_of_one_group_count_once():
    here = city(150)
    twins = [replace(one, unit=f"{one.unit}-twin") for one in here]
    groups = representatives([*here, *twins], stages=SCHEME.stages, sizes=SCHEME.sizes)
    assert tally(groups, SCHEME)[("all",)].count == 150


def test_the_firm_furthest_along_speaks_for_its_group_then_the_largest():
    base = firm(random.Random(1), 1, group="g", band=None, score=None, gaps=frozenset())
    micro, large = (
        replace(base, unit=size, size=size, stage="started")
        for size in ("micro", "large")
    )
    far = replace(micro, unit="far", stage="submitted", band="X")
    kwargs = {"stages": SCHEME.stages, "sizes": SCHEME.sizes}
    assert representatives([micro, large], **kwargs) == (large,)
    assert representatives([micro, large, far], **kwargs) == (far,)
    twin = replace(large, unit="a")
    assert representatives([large, twin], **kwargs) == (twin,)


def test_a_group_is_in_one_cell_of_each_table():
    one = next(f for f in city() if f.band and f.agency)
    tables = [cell[0] for cell in cells_of(one, SCHEME) if cell[0] != "gap"]
    assert len(tables) == len(set(tables))
    assert set(cells_of(one, SCHEME)) <= set(finest_cells(SCHEME))


def test_who_has_not_submitted_is_in_no_confidential_table():
    one = replace(next(f for f in city() if not f.band), agency=None)
    assert list(cells_of(one, SCHEME)) == [
        ("all",),
        ("stage", one.stage),
        ("wait", one.stage, one.wait),
    ]


def test_classes_of_scores():
    found = [score_class(Fraction(n)) for n in (0, 9, 10, 99, 100)]
    assert found == ["0", "0", "10", "90", "90"]


def test_a_later_snapshot_keeps_what_has_not_changed():
    here = city()
    first = made(here)
    second = made(here, first.ledger, 2)
    assert second.ledger.held == first.ledger.held
    assert all(e.held for t in second.published.tables for e in t.entries)


def test_five_snapshots_with_one_joiner_each_say_nothing_about_one():
    """Only cells that five groups have entered or left since may differ."""
    chance = random.Random(5)
    here, last = city(), None
    for snapshot in range(1, 6):
        now = made(here, last, snapshot)
        if last is not None:
            for cell, held in now.ledger.held.items():
                if held.since == snapshot:
                    assert abs(held.count - last.held[cell].count) >= K
        last = now.ledger
        here = [*here, firm(chance, 10_000 + snapshot)]


def test_a_ledger_survives_storage():
    ledger = made(city(), made(city(180)).ledger, 2).ledger
    plain = json.loads(json.dumps(ledger.to_plain()))
    assert Ledger.from_plain(plain) == ledger


def test_a_ledger_of_another_method_is_refused():
    plain = made(city()).ledger.to_plain() | {"rules": "0"}
    with pytest.raises(ValueError, match="another method"):
        Ledger.from_plain(plain)


@pytest.mark.parametrize(
    ("change", "about"),
    [
        ({"district": "d99"}, "d99"),
        ({"zone": "z9"}, "z9"),
        ({"industry": "i9"}, "i9"),
        ({"size": "giant"}, "giant"),
        ({"stage": "lost"}, "lost"),
        ({"band": "Z"}, "Z"),
        ({"agency": "nobody"}, "nobody"),
        ({"edition": "1999"}, "1999"),
        ({"gaps": frozenset({"c999"})}, "c999"),
    ],
)
def test_unknown_categories_stop_everything(change, about):
    here = [*city(), firm(random.Random(9), 999, **change)]
    result = prepare(
        records=here, previous=None, snapshot=1, scheme=SCHEME, secret=SECRET
    )
    assert result == Refused(Reason.UNKNOWN_CATEGORY, about)


def test_a_firm_that_occurs_twice_stops_everything():
    result = prepare(
        records=[*city(), *city(1)], previous=None, snapshot=1,
        scheme=SCHEME, secret=SECRET,
    )  # fmt: skip
    assert result == Refused(Reason.DOUBLE_UNIT, "")


def test_snapshots_go_forward():
    ledger = made(city(), snapshot=3).ledger
    result = prepare(
        records=city(), previous=ledger, snapshot=3, scheme=SCHEME, secret=SECRET
    )
    assert result == Refused(Reason.OUT_OF_ORDER, "3")


def test_a_short_secret_is_an_error():
    with pytest.raises(ValueError, match="too short"):
        prepare(records=[], previous=None, snapshot=1, scheme=SCHEME, secret=b"short")


def test_a_number_at_its_edge_stops_everything():
    """A ledger whose last statement one firm would make false."""
    ledger = made(city()).ledger
    edge = Proof(1, ("band", "A"), "count", 10, 62, 62)
    tight = replace(ledger, proofs=(*ledger.proofs, edge))
    result = prepare(
        records=city(), previous=tight, snapshot=2, scheme=SCHEME, secret=SECRET
    )
    assert result == Refused(Reason.AT_EDGE, "band/A")
    assert refusal_words(result)["zh"].startswith("“band/A”的数字会使")


@pytest.mark.parametrize(
    ("proof", "edge"),
    [
        (Proof(1, ("x",), "count", 10, 62, 36), False),
        (Proof(1, ("x",), "count", 10, 62, 62), True),
        (Proof(1, ("x",), "count", 10, 62, 10), True),
        (Proof(1, ("x",), "count", 0, 26, 0), False),
        (Proof(1, ("x",), "count", 0, 26, 27), True),
        (Proof(1, ("x",), "moved", K, NO_LIMIT, 5), True),
        (Proof(1, ("x",), "moved", K, NO_LIMIT, 6), False),
        (Proof(1, ("x",), "kept", 0, MOST_UNMOVED, 12), True),
        (Proof(1, ("x",), "kept", 0, MOST_UNMOVED, 0), False),
    ],
)
def test_edges(proof, edge):
    assert (first_at_edge([proof]) is not None) == edge


def test_a_cell_without_room_for_five_more_is_cramped():
    assert Proof(1, ("x",), "count", 0, 30, 26).cramped
    assert not Proof(1, ("x",), "count", 0, 31, 26).cramped
    assert not Proof(1, ("x",), "kept", 0, 12, 10).cramped


def test_cramped_numbers_are_looked_at_by_programming():
    ledger = made(city()).ledger
    cramped = Proof(1, ("size", "micro"), "count", 0, 60, 58)
    tight = replace(ledger, proofs=(*ledger.proofs, cramped))
    assert made(city(), tight, 2).published.snapshot == 2


def test_the_exact_audit_and_the_short_proof_agree_on_an_edge():
    """A drawn number moved to where only this count fits it."""
    here = representatives(city(), stages=SCHEME.stages, sizes=SCHEME.sizes)
    held = dict(made(city()).ledger.held)
    assert audit_snapshot(here, held, SCHEME, 1).passed
    for band in SCHEME.bands:
        count = held["band", band].count
        held["band", band] = Held(count - REACH, count, 1)
    verdict = audit_snapshot(here, held, SCHEME, 1)
    assert not verdict.passed
    assert verdict.first.attribute in SCHEME.bands


def test_a_city_of_one_stage_and_one_band_can_be_published():
    """That all are alike is known to nobody while every number is blurred."""
    here = [
        replace(one, stage="submitted", band="X", score=Fraction(10))
        for one in city(60)
    ]
    assert made(here).published.table("band").total == 60


def test_a_determined_band_stops_everything(monkeypatch):
    """With exact numbers in place of drawn ones nothing is published."""
    monkeypatch.setattr("oversight.disclosure.snapshot_audit.window", lambda v: (v, v))
    monkeypatch.setattr(
        "oversight.disclosure.change_rule.blurred", lambda count, number: count
    )
    result = prepare(
        records=city(), previous=None, snapshot=1, scheme=SCHEME, secret=SECRET
    )
    assert isinstance(result, Refused)
    assert result.reason is Reason.DETERMINED


def test_every_refusal_has_words():
    assert set(_REFUSALS) == set(Reason)


def test_an_unknown_category_names_itself():
    with pytest.raises(UnknownCategory, match="d99"):
        SCHEME.check(firm(random.Random(1), 1, district="d99"))


def test_nobody_at_all_can_be_published():
    assert numbers(made([]).published.to_plain()) == numbers(
        made([]).published.to_plain()
    )
