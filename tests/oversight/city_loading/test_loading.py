"""The database says of a model city what the city says of itself, day by day."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import AuditEvent, Mandate, Organisation, User
from accounts.rules import Kind
from assessments.models import Assessment
from oversight.city.journey import PathStage
from oversight.city_loading.identity import LAG
from oversight.city_loading.loading import CityIsLoaded, city_of_banks, load_city
from oversight.counting.facts import Facts
from oversight.counting.pipeline import PipelineStage
from oversight.known import facts_known_on, groups_known_on
from oversight.models import CertificateRevision, SubmittedFigures
from oversight.services.figures import note_missing_figures
from oversight.services.snapshots import take_snapshot
from oversight.standing import standings_on
from question_bank.engine.scorecard import Scorecard
from reports.services import request_missing_reports
from reviews.models import ImprovementPlan
from tests.factories.accounts import UserFactory
from tests.fixtures_city import LOADED_AT, LoadedCity

TODAY = date(2026, 11, 20)
STAGES = {
    PathStage.REGISTERED: PipelineStage.REGISTERED,
    PathStage.FILLING: PipelineStage.ANSWERING,
    PathStage.SUBMITTED: PipelineStage.SUBMITTED,
    PathStage.IMPROVING: PipelineStage.IMPROVING,
    PathStage.RUNNING: PipelineStage.RUNNING,
    PathStage.AUDITED: PipelineStage.REVIEWED,
    PathStage.APPLIED: PipelineStage.APPLIED,
}


def test_the_registers_know_all_that_happened(model_city: LoadedCity) -> None:
    known, drawn = facts_known_on(TODAY), as_registered(model_city.city)
    assert set(map(nameless, known.enterprises)) == set(drawn.enterprises)
    assert {nameless(c) for c in known.certificates} == set(drawn.certificates)
    assert {nameless(r) for r in known.recognitions} == set(drawn.recognitions)
    assert {s.indicator for s in known.series} == {s.indicator for s in drawn.series}


def test_earlier_days_know_less(model_city: LoadedCity) -> None:
    day = date(2020, 6, 30)
    issued = {
        c.number: c.issued_on for c in as_registered(model_city.city).certificates
    }
    known = facts_known_on(day).certificates
    assert known
    assert all(c.issued_on <= day for c in known)
    assert {c.number for c in known} >= {
        number for number, on in issued.items() if on < day - timedelta(days=LAG)
    }
    assert all(state.on <= day for c in known for state in c.states)
    stays = [p for unit in facts_known_on(day).enterprises for p in unit.presences]
    assert all(p.since is None or p.since <= day for p in stays)
    assert all(p.until is None or p.until <= day for p in stays)


def test_enterprises_stand_where_their_journey_took_them(
    model_city: LoadedCity,
) -> None:
    for day in (date(2021, 3, 31), model_city.last):
        found = {one.credit_code: one.history.entered for one in standings_on(day)}
        for history in model_city.city.histories():
            walked = {
                STAGES[entry.stage]: entry.on
                for entry in history.journey.entries
                if entry.on <= day and entry.stage in STAGES
            }
            stood = found.get(history.enterprise.credit_code, {})
            stood = {s: on for s, on in stood.items() if s in STAGES.values()}
            assert stood == walked


def test_groups_and_agencies_are_those_of_the_city(model_city: LoadedCity) -> None:
    profiles = list(model_city.city.profiles())
    drawn: dict[str, set[str]] = {}
    for one in profiles:
        if one.group:
            drawn.setdefault(one.group, set()).add(one.credit_code)
    stored: dict[str, set[str]] = {}
    for code, group in groups_known_on(TODAY).items():
        stored.setdefault(group, set()).add(code)
    assert sorted(map(sorted, stored.values())) == sorted(map(sorted, drawn.values()))
    agencies = {one.credit_code: one.agency for one in profiles}
    for mandate in Mandate.objects.select_related("enterprise", "agency"):
        assert mandate.agency.credit_code == agencies[mandate.enterprise.credit_code]
    assert Mandate.objects.exists()


def test_every_assessment_is_sealed_and_has_its_figures(
    model_city: LoadedCity,
) -> None:
    assert note_missing_figures() == 0
    given = {one.id: one for one in model_city.city.assessments()}
    assert SubmittedFigures.objects.count() == len(given)
    sealed = Assessment.objects.submitted().order_by("pk")[:20]
    for assessment in sealed:
        card = Scorecard.from_json(assessment.scorecard)
        assert card.band == assessment.band
        assert card.self_score == assessment.figures.points
    assert ImprovementPlan.objects.filter(system_start_on__isnull=False).exists()


@pytest.mark.usefixtures("model_city")
def test_nobody_asks_for_the_reports_of_a_model_city() -> None:
    assert request_missing_reports(at=timezone.now()) == 0


def test_a_snapshot_of_the_city_is_published(model_city: LoadedCity) -> None:
    taken = take_snapshot(month="2026-10", actor=None, at=LOADED_AT)
    assert taken.is_published


def test_the_same_city_twice_is_refused(model_city: LoadedCity) -> None:
    with pytest.raises(CityIsLoaded):
        load_city(model_city.city, at=LOADED_AT)


def test_two_parts_cut_amid_a_group_make_the_whole(shipped_banks: None) -> None:
    city = city_of_banks(enterprises=60, seed=7, years=(2014, 2026), at=LOADED_AT)
    groups = [one.group for one in city.profiles()]
    amid = next(n for n in range(60) if groups[n] and groups[n] in groups[:n])
    load_city(city, at=LOADED_AT, numbers=range(amid))
    load_city(city, at=LOADED_AT, numbers=range(amid, 60))
    known, drawn = facts_known_on(TODAY), as_registered(city)
    assert set(map(nameless, known.enterprises)) == set(drawn.enterprises)
    assert AuditEvent.objects.filter(action="city.loaded").count() == 2


def test_nobody_of_the_city_can_sign_in(model_city: LoadedCity) -> None:
    assert not User.objects.filter(is_active=True).exists()
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_the_command_refuses_a_service_somebody_uses(shipped_banks: None) -> None:
    UserFactory()
    with pytest.raises(CommandError, match="--force"):
        call_command("load_city", enterprises=3)
    assert not Organisation.objects.filter(kind=Kind.AGENCY).exists()


def test_the_command_loads_a_city(shipped_banks: None, capsys: Any) -> None:
    call_command("load_city", enterprises=5)
    assert "5  oversight.RegisteredUnit" in capsys.readouterr().out
    with pytest.raises(CommandError, match="already"):
        call_command("load_city", enterprises=5)


def test_rejected_certificates_were_entered_first(model_city: LoadedCity) -> None:
    rejected = CertificateRevision.objects.filter(verification="rejected")
    assert rejected.exists()
    assert all(revision.seq > 1 for revision in rejected)


def as_registered(city: Any) -> Facts:
    """Return a city's facts with the names of bodies, as registers have them."""
    names = {body.credit_code: body.name for body in city.bodies}
    facts = city.facts()
    return replace(
        facts,
        certificates=tuple(
            nameless(replace(c, body=names[c.body])) for c in facts.certificates
        ),
        recognitions=tuple(map(nameless, facts.recognitions)),
        enterprises=tuple(map(nameless, facts.enterprises)),
    )


def nameless(fact: Any) -> Any:
    """Return a fact without its key: the registers give keys of their own."""
    return replace(fact, id="") if hasattr(fact, "id") else fact
