"""Registers and a snapshot that bulletins are made of."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from typing import Any

from accounts.districts import DISTRICTS
from oversight.counting.facts import Level, Title
from oversight.counting.pipeline import STAGES
from oversight.disclosure.keys import record_key
from oversight.disclosure.publish import Prepared, prepare
from oversight.disclosure.records import Record
from oversight.disclosure.scheme import STAYS, Scheme
from oversight.entries import Holder
from oversight.groupings import groupings
from oversight.models import Bulletin, Snapshot
from oversight.services.bulletins import issue_bulletin, make_bulletin
from oversight.standing import STANDARD_BANKS
from tests.factories.accounts import credit_code
from tests.oversight.registers import Bureau

AT = datetime(2026, 11, 10, 4, tzinfo=UTC)
"""Noon of 10 November 2026 in Shanghai."""

KNOWN_ON = date(2026, 11, 1)
SECRET = b"a secret key for bulletin tests."
PLACES = ("370602",) * 7 + ("370611",) * 5 + ("370612",) * 5 + ("370613",) * 2


def fill_registers(bureau: Bureau) -> list[Any]:
    """Enter 19 certificates (seven of 2026) and three titles, all verified."""
    certificates = []
    for number, place in enumerate(PLACES, start=1):
        year = 2026 if number % 3 == 0 or number == 1 else 2025
        month = 1 if year == 2026 else 2
        day = date(year, month, 1 + number)
        certificates.append(
            bureau.verified_certificate(
                number=f"165IP{year % 100}{number:04}R0M",
                holder=Holder(credit_code(900_000 + number), f"示例{number}", place),
                first_issued_on=day,
                issued_on=day,
                expires_on=date(year + 3, month, number),
            )
        )
    for number, level in ((1, Level.NATIONAL), (2, Level.MUNICIPAL)):
        who = Holder(credit_code(900_000 + number), f"示例{number}", PLACES[number])
        bureau.verify(bureau.recognition(holder=who, level=level))
    who = Holder(credit_code(900_001), "示例1", PLACES[0])
    bureau.verify(
        bureau.recognition(
            holder=who, title=Title.DEMONSTRATION, document="示例〔2024〕2号"
        )
    )
    return certificates


def publish_snapshot(count: int = 400, month: str = "2026-10") -> Snapshot:
    """Publish made-up firms through disclosure control."""
    chance = random.Random(5)
    among = _scheme()
    outcome = prepare(
        records=[_firm(chance, number, among) for number in range(count)],
        previous=None,
        snapshot=1,
        scheme=among,
        secret=SECRET,
    )
    assert isinstance(outcome, Prepared), outcome
    published = outcome.published
    return Snapshot.objects.create(
        month=month,
        day=date(2026, 10, 31),
        number=1,
        state="published",
        document=published.canonical.decode(),
        sha256=published.sha256,
        taken_at=AT,
    )


def drafted(bureau: Bureau, **changes: Any) -> Bulletin:
    """Draft the bulletin of October 2026."""
    asked = {
        "kind": "monthly",
        "period": "2026-10",
        "known_on": KNOWN_ON,
        "actor": bureau.second.user,
        "at": AT,
    }
    return make_bulletin(**asked | changes)


def issued(bureau: Bureau, **changes: Any) -> Bulletin:
    """Draft and issue a bulletin."""
    bulletin = drafted(bureau, **changes)
    return issue_bulletin(
        bulletin_id=bulletin.pk,
        digest=bulletin.sha256,
        actor=bureau.second.user,
        at=changes.get("at", AT),
    )


def _scheme() -> Scheme:
    groups = groupings()
    return Scheme(
        zones=tuple(groups.zones),
        districts=tuple(district.code for district in DISTRICTS),
        industries=tuple(groups.industries),
        sizes=tuple(groups.sizes),
        stages=tuple(stage.value for stage in STAGES),
        bands=("A", "B", "C", "D", "X"),
        clauses=tuple(
            (bank, tuple(f"c{number}" for number in range(20)))
            for bank in STANDARD_BANKS
        ),
        agencies=("agency-one", "agency-two"),
    )


def _firm(chance: random.Random, number: int, among: Scheme) -> Record:
    district = chance.choice(among.districts[:6])
    stage = chance.choice(among.stages)
    record = Record(
        unit=f"firm{number}",
        group=f"firm{number}",
        zone=groupings().zone_of_district[district],
        district=district,
        industry=chance.choice(among.industries),
        size=chance.choice(among.sizes),
        stage=stage,
        edition=STANDARD_BANKS[0],
        key=record_key(SECRET, f"firm{number}"),
        agency=chance.choice(among.agencies),
        wait=chance.choice(STAYS),
    )
    if among.stages.index(stage) < 2:
        return record
    return replace(
        record,
        band=chance.choice(among.bands),
        score=Fraction(chance.randint(0, 100)),
        gaps=frozenset(chance.sample(dict(among.clauses)[STANDARD_BANKS[0]], 4)),
    )
