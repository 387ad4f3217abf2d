"""Random registers: enterprises that move, merge and end, certificates and titles.

Each is drawn from one seed: building them value by value takes Hypothesis seconds.
"""

import random
from datetime import date, timedelta

from hypothesis import strategies as st

from oversight.counting.as_known import Revision
from oversight.counting.facts import (
    Certificate,
    CertificateState,
    Enterprise,
    Facts,
    Issue,
    Level,
    Presence,
    Recognition,
    ReviewResult,
    Stage,
    Standard,
    StateChange,
    Title,
    TitleReview,
    Verification,
)

FIRST_DAY = date(2014, 1, 1)
HOLDERS = tuple(
    f"{kind}3706000000000{n:03}"
    for n, kind in enumerate(["91"] * 8 + ["92", "93", "52", "91"])
)
DIVISIONS = ("370602", "370611", "370634", "370684", "370614", "")
VERIFICATIONS = [Verification.VERIFIED] * 8 + [*Verification]

dice = st.integers(0, 2**48).map(random.Random)
days = st.integers(0, 365 * 9).map(lambda n: FIRST_DAY + timedelta(n))


def a_day(roll):
    return FIRST_DAY + timedelta(roll.randrange(365 * 9))


def an_enterprise(roll, code):
    moved, place = a_day(roll), roll.choice(DIVISIONS)
    presences = roll.choice(
        [
            (Presence(place),),
            (Presence(place, None, moved), Presence(roll.choice(DIVISIONS), moved)),
            (Presence("370602", moved),),
        ]
    )
    gone = a_day(roll) if roll.random() < 0.2 else None
    into = roll.choice(HOLDERS) if gone and roll.random() < 0.5 else ""
    return Enterprise(code, code[-3:], presences, gone, into if into != code else "")


def a_certificate(roll, number=0):
    first = a_day(roll)
    issue = roll.choice([Issue.INITIAL] * 3 + [*Issue])
    waited = 0 if issue is Issue.INITIAL else roll.randint(1, 1500)
    issued = first + timedelta(waited)
    states = [a_state(roll) for _ in range(roll.choice((0, 0, 1, 2)))]
    return Certificate(
        number=f"n{roll.randint(1, 2)}-{first}",
        holder=roll.choice(HOLDERS),
        body=roll.choice("xy"),
        standard=roll.choice([Standard.ENTERPRISE_2013] * 5 + [*Standard]),
        issue=issue,
        first_issued_on=first,
        issued_on=issued,
        expires_on=issued + timedelta(1095),
        verification=roll.choice(VERIFICATIONS),
        states=tuple(sorted(states, key=lambda change: change.on)),
        group_holder=roll.choice(("", "", "", *HOLDERS[:2])),
        id=f"certificate-{number}",
    )


def a_state(roll):
    state = roll.choice([*CertificateState])
    fraud = state is CertificateState.WITHDRAWN and roll.random() < 0.5
    return StateChange(state, a_day(roll), fraud, "决定" if fraud else "")


def a_recognition(roll, number=0):
    since = a_day(roll)
    reviews = [
        TitleReview(roll.choice([*ReviewResult]), a_day(roll))
        for _ in range(roll.choice((0, 0, 1, 2)))
    ]
    return Recognition(
        holder=roll.choice(HOLDERS),
        level=roll.choice([*Level]),
        title=roll.choice([Title.ADVANTAGE] * 3 + [*Title]),
        stage=roll.choice([Stage.RECOGNISED] * 3 + [*Stage]),
        name=roll.choice(("优势企业", "专利明星")),
        batch="",
        document=f"d{roll.randint(1, 2)}-{since}",
        since=since,
        verification=roll.choice(VERIFICATIONS),
        term_ends_on=roll.choice((None, a_day(roll))),
        reviews=tuple(reviews),
        ended_on=roll.choice((None, None, a_day(roll))),
        vetoed_on=roll.choice((None, a_day(roll))),
        id=f"title-{number}",
    )


def a_register(roll):
    """All holders but the last, who is on no register."""
    return Facts(
        enterprises=tuple(an_enterprise(roll, code) for code in HOLDERS[:-1]),
        certificates=tuple(a_certificate(roll, n) for n in range(roll.randint(0, 20))),
        recognitions=tuple(a_recognition(roll, n) for n in range(roll.randint(0, 20))),
    )


def mixed(roll, known):
    """The same facts in another order."""
    return Facts(
        *(
            tuple(roll.sample(things, len(things)))
            for things in (known.enterprises, known.certificates, known.recognitions)
        )
    )


def a_history(roll):
    """A register as revisions, recorded on any day."""
    known = a_register(roll)
    things = (*known.enterprises, *known.certificates, *known.recognitions)
    return [Revision(key_of(x), a_day(roll), x, n) for n, x in enumerate(things)]


def key_of(thing):
    return getattr(thing, "id", "") or thing.credit_code


registers = dice.map(a_register)
