"""The auditor finds every planted disclosure, and no more than there is."""

from collections import Counter

import pytest

from oversight.disclosure.auditor import (
    Determined,
    Narrow,
    Reader,
    Undecided,
    _Programme,
    audit,
    bounds,
    certain,
    of_all_but_one,
    of_reader,
)
from oversight.disclosure.worlds import NotTrue, Statement, System
from tests.oversight.disclosure.oracle import Oracle
from tests.oversight.disclosure.planted import (
    PLANTS,
    City,
    as_system,
    city,
    kind_of,
    known_to_agency,
    pairs_of,
)

POPULATIONS = 1_000


def nobody(_firm):
    return False


def all_but(lone):
    return lambda firm: firm is not lone


def told_by_auditor(here: City) -> dict[str, set[tuple[str, str]]]:
    """The kinds and bands each reader is said to be certain of."""
    system = as_system(here.firms, here.numbers)
    clients = pairs_of(filter(known_to_agency, here.firms), here.firms)
    told = {
        "outsider": of_reader(system, Reader.OUTSIDER),
        "agency": of_reader(system.knowing(Counter(clients)), Reader.AGENCY),
        "all_but_one": list(of_all_but_one(system)),
    }
    return {
        reader: {(o.kind, o.attribute) for o in found if not isinstance(o, Narrow)}
        for reader, found in told.items()
    }


def told_by_oracle(here: City) -> dict[str, set[tuple[str, str]]]:
    def named(found):
        return {(str(kind_of(firm)), str(band)) for firm, band in found}

    others = set()
    for lone in here.firms:
        oracle = Oracle(here.firms, here.numbers, all_but(lone))
        others |= named(oracle.determined())
    return {
        "outsider": named(Oracle(here.firms, here.numbers, nobody).determined()),
        "agency": named(Oracle(here.firms, here.numbers, known_to_agency).determined()),
        "all_but_one": others,
    }


def recoverable(here: City) -> bool:
    """Whether some hidden number has one possible count, by the oracle."""
    oracle = Oracle(here.firms, here.numbers, nobody)
    return any(
        low == high
        for cell in here.numbers
        if cell.hidden
        for low, high in [oracle.interval(cell)]
    )


@pytest.mark.parametrize("block", range(4))
def test_the_auditor_finds_every_planted_disclosure_and_raises_no_false_alarm(block):
    """Also: a threshold alone gives firms away in every one of these cities."""
    missed, false, unbroken = [], [], []
    for seed in range(block, POPULATIONS, 4):
        here = city(seed)
        said, true = told_by_auditor(here), told_by_oracle(here)
        missed += [(seed, r) for r in true if true[r] - said[r]]
        false += [(seed, r) for r in true if said[r] - true[r]]
        if not true[here.reader] and not recoverable(here):
            unbroken.append((seed, here.plant))
    assert missed == []
    assert false == []
    assert unbroken == []


def test_every_kind_of_plant_is_tried():
    assert {city(seed).plant for seed in range(len(PLANTS))} == set(PLANTS)


@pytest.mark.parametrize("seed", [s for s in range(180) if s % 6 in (0, 1, 5)])
def test_bounds_of_hidden_numbers_are_those_of_the_oracle(seed):
    here = city(seed)
    system, oracle = (
        as_system(here.firms, here.numbers),
        Oracle(here.firms, here.numbers, nobody),
    )
    hidden = [index for index, cell in enumerate(here.numbers) if cell.hidden][:3]
    found = [bounds(system, index) for index in hidden]
    assert found == [oracle.interval(here.numbers[index]) for index in hidden]


def simple(low: int, high: int, *, hidden: bool = False) -> System:
    """Six firms of a kind, two of them of band A, and one number about A."""
    return System(
        kinds=("east",),
        attributes=("A", "B"),
        counts={(0, 0): 2, (0, 1): 4},
        statements=(Statement("A", low, high, hidden),),
        allowed=((0, 1),),
        places={(0, 0): ((0, 1),), (0, 1): ()},
    )


def test_a_wide_window_gives_nothing_away():
    assert audit(simple(0, 6)).passed


def test_an_exact_number_tells_one_who_knows_all_others():
    verdict = audit(simple(2, 2))
    assert {offence.reader for offence in verdict.offences} == {Reader.ALL_BUT_ONE}
    assert verdict.first.words == {
        "zh": "了解其余全部企业的人能确定“east”企业的“A”。",
        "en": "One who knows all firms but one can tell that a firm of “east” is “A”.",
    }


def test_one_edge_of_a_window_tells_of_one_side():
    """Of five at most 2: who knows of no other A than two cannot tell of these two."""
    found = list(of_all_but_one(simple(2, 6)))
    assert [(one.kind, one.attribute) for one in found] == [("east", "A")]


def test_a_hidden_number_must_keep_five_others():
    assert audit(simple(0, 4, hidden=True)).first == Narrow(Reader.OUTSIDER, "A", 0, 4)
    assert audit(simple(0, 5, hidden=True)).passed


def test_an_agency_subtracts_its_clients():
    """Its own two are all there can be: the other four are of band B."""
    knows = simple(0, 2).knowing({(0, 0): 2})
    assert of_reader(knows, Reader.AGENCY) == [Determined(Reader.AGENCY, "east", "B")]


def test_an_agency_narrows_a_hidden_number_down():
    verdict = audit(simple(0, 6, hidden=True), agency={(0, 0): 2})
    assert verdict.first == Narrow(Reader.AGENCY, "A", 0, 4)
    assert verdict.first.words["en"] == (
        "The agency with most clients can narrow the hidden “A” down to 0–4."
    )


def test_false_numbers_are_not_audited():
    with pytest.raises(NotTrue, match="A"):
        audit(simple(3, 6))


def test_nobody_knows_more_firms_than_there_are():
    with pytest.raises(ValueError, match="do not exist"):
        simple(0, 6).knowing({(0, 0): 3})


def test_what_cannot_be_decided_is_not_decided():
    system = simple(0, 6)
    impossible = System(**{
        **vars(system), "statements": (Statement("A", 9, 9),)
    })  # fmt: skip
    with pytest.raises(Undecided):
        _Programme(impossible).least({(0, 0): 1})


def test_a_programme_is_asked_when_no_single_firm_can_change():
    """Band A has two firms, one east, one west: they can only change places."""
    system = System(
        kinds=("east", "west"),
        attributes=("A", "B"),
        counts={(0, 0): 1, (1, 1): 1},
        statements=(Statement("A", 1, 1),),
        allowed=((0, 1), (0, 1)),
        places={(0, 0): ((0, 1),), (1, 0): ((0, 1),), (0, 1): (), (1, 1): ()},
    )
    assert (certain(system, 0), certain(system, 1)) == (None, None)
    assert of_reader(system, Reader.OUTSIDER) == []
