"""Enterprises as disclosure control sees them: records of a fixed scheme."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from accounts.districts import DISTRICTS
from accounts.models import Organisation
from accounts.rules import Kind
from oversight.counting.pipeline import STAGES, PipelineStage
from oversight.disclosure.keys import record_key
from oversight.disclosure.records import Record
from oversight.disclosure.scheme import Scheme, stay_class
from oversight.groupings import groupings
from oversight.standing import STANDARD_BANKS, Standing
from question_bank.engine.definition import Bank
from question_bank.models import BankVersion
from question_bank.selectors import compiled_bank


def scheme() -> Scheme:
    """Return the categories of all tables, from reference data and banks alone.

    The clauses are those of the first two levels of every published version of a
    bank of the standard; the bands those of the current edition. Two queries and one
    for every version not yet compiled.
    """
    groups = groupings()
    return Scheme(
        zones=tuple(groups.zones),
        districts=tuple(district.code for district in DISTRICTS),
        industries=tuple(groups.industries),
        sizes=tuple(groups.sizes),
        stages=tuple(stage.value for stage in STAGES),
        bands=bands_of(*STANDARD_BANKS),
        clauses=tuple((bank, _clauses(bank)) for bank in STANDARD_BANKS),
        agencies=_agencies(),
    )


def records_of(
    standings: Iterable[Standing], *, day: date, among: Scheme, secret: bytes
) -> Iterable[Record]:
    """Give the record of every enterprise that is on its way on a day."""
    known = {bank: frozenset(names) for bank, names in among.clauses}
    for standing in standings:
        stage = standing.history.stage_on(day)
        if stage is not None:
            yield _Maker(day, known, secret).record(standing, stage)


@dataclass(frozen=True)
class _Maker:
    day: date
    clauses: dict[str, frozenset[str]]
    secret: bytes

    def record(self, standing: Standing, stage: PipelineStage) -> Record:
        latest = standing.latest
        edition = latest.bank if latest else STANDARD_BANKS[0]
        return Record(
            unit=standing.credit_code,
            group=standing.group or standing.credit_code,
            zone=groupings().zone_of_district[standing.district],
            district=standing.district,
            industry=standing.industry,
            size=standing.size,
            stage=stage.value,
            edition=edition,
            key=record_key(self.secret, standing.credit_code),
            band=latest.band if latest else None,
            score=latest.points if latest else None,
            gaps=latest.gaps & self.clauses[edition] if latest else frozenset(),
            agency=standing.agency or None,
            stays=self._stays(standing),
            wait=stay_class((self.day - standing.history.entered[stage]).days),
        )

    def _stays(self, standing: Standing) -> frozenset[tuple[str, str]]:
        entered = standing.history.entered
        return frozenset(
            (stage.value, stay_class(max(0, (entered[after] - entered[stage]).days)))
            for stage, after in pairwise(standing.history.reached_by(self.day))
        )


def bands_of(*names: str) -> tuple[str, ...]:
    """Return the bands of banks, from the best; the gate's band comes last."""
    found: dict[str, None] = {}
    for name in names:
        for bank in published_versions(name):
            found |= dict.fromkeys(band.id for band in bank.bands)
    for name in names:
        for bank in published_versions(name):
            found |= {bank.gate_band.id: None}
    return tuple(found)


def _clauses(name: str) -> tuple[str, ...]:
    """Return the clauses of the first two levels, of all versions of a bank."""
    found: dict[str, None] = {}
    for bank in published_versions(name):
        chapters = {clause.key for clause in bank.clauses if clause.parent is None}
        for clause in bank.clauses:
            if clause.parent in chapters:
                found[clause.key] = None
    return tuple(found)


def published_versions(name: str) -> list[Bank]:
    """Return every version of a bank that was ever published, the oldest first."""
    stored = BankVersion.objects.filter(bank=name).exclude(status="draft")
    hashes = stored.order_by("pk").values_list("sha256", flat=True)
    return [compiled_bank(sha256) for sha256 in hashes]


def _agencies() -> tuple[str, ...]:
    """Return every agency of the service, whether it has clients or not."""
    agencies = Organisation.objects.filter(kind=Kind.AGENCY).order_by(
        "created_at", "pk"
    )
    return tuple(str(pk) for pk in agencies.values_list("pk", flat=True))
