"""Certificates of a model enterprise, with all that can become of one.

A certificate runs three years. It may be suspended, withdrawn or found to be got by
deceit, moved to another body, upgraded to the edition of 2023 in 2024–2025 under its
old expiry, recertified or left to lapse, and regained years later.
"""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from oversight.city.chances import day_between, happens, some
from oversight.city.credit_codes import credit_code
from oversight.city.journey import Journey, PathStage
from oversight.city.profile import BLOCK, ModelEnterprise, Population
from oversight.city.scenarios import Scenario, scenario_of
from oversight.counting.facts import (
    Certificate,
    CertificateState,
    Issue,
    Standard,
    StateChange,
    Verification,
)

EDITION_2023 = date(2024, 1, 1)
OLD_APPLICATIONS_END = date(2024, 12, 31)
TRANSITION_END = date(2025, 12, 31)

RECERTIFIED = 0.72
CHANGES_BODY = 0.08
REGAINED = 0.25
UPGRADED = 0.8
SUSPENDED = 0.04
WITHDRAWN = 0.02
FRAUD = 0.004
MOVED_BODY = 0.03
UNVERIFIED, REJECTED = 0.06, 0.02
OTHER_STANDARD = 0.02
UNDER_GROUP = 0.3

LIVES_ON = frozenset(
    {
        Scenario.RECERTIFIED, Scenario.UPGRADED, Scenario.NOT_UPGRADED,
        Scenario.NOT_UPGRADED_STILL_VALID, Scenario.GROUP_CERTIFICATE,
        Scenario.DEREGISTERED_WITH_TITLE, Scenario.MERGED, Scenario.TAKES_OVER,
    }
)  # fmt: skip
"""Scenarios whose certificate is always renewed."""


@dataclass
class _Register:
    """The certificates so far, while they are drawn."""

    people: Population
    enterprise: ModelEnterprise
    chance: Random
    last: date
    made: list[Certificate] = field(default_factory=list)

    @property
    def scenario(self) -> Scenario | None:
        return scenario_of(self.enterprise.number)

    def issue(
        self, on: date, issue: Issue, *, like: Certificate | None = None
    ) -> Certificate:
        """Add a certificate issued on a day; `like` is the one it follows."""
        fresh = like is None or issue is Issue.INITIAL
        body = like.body if like else some(self.chance, self.people.bodies).credit_code
        keeps_term = like and issue in (Issue.UPGRADE, Issue.CHANGE_OF_BODY)
        certificate = Certificate(
            number=self._number(on, issue),
            holder=self.enterprise.credit_code,
            body=body,
            standard=_standard(self.chance, on, issue),
            issue=issue,
            first_issued_on=on if fresh or not like else like.first_issued_on,
            issued_on=on,
            expires_on=like.expires_on if keeps_term and like else _expiry(on),
            verification=_verification(self.chance, self.scenario),
            group_holder=_group_holder(self),
            id=f"{self.enterprise.number:06d}-{len(self.made) + 1}",
        )
        self.made.append(certificate)
        return certificate

    def enter(self, state: CertificateState, on: date, *, fraud: bool = False) -> None:
        """Let the newest certificate enter a state, unless that lies ahead."""
        if on <= self.last:
            change = StateChange(state, on, fraud=fraud, document="示例决定")
            newest = self.made[-1]
            self.made[-1] = replace(newest, states=(*newest.states, change))

    def _number(self, on: date, issue: Issue) -> str:
        round_ = sum(1 for c in self.made if c.issue is Issue.RECERTIFICATION)
        renewed = round_ + (issue is Issue.RECERTIFICATION)
        return (
            f"MX{on:%y}IP{self.enterprise.number:06d}-{len(self.made) + 1}R{renewed}S"
        )


def certificates_of(
    people: Population, enterprise: ModelEnterprise, journey: Journey
) -> tuple[Certificate, ...]:
    """Return the certificates of an enterprise in the order of their issue."""
    chance = people.stream("certificates", enterprise.number)
    closed = enterprise.unit.deregistered_on
    last = min(closed or people.last, people.last)
    register = _Register(people, enterprise, chance, last)
    on = journey.day_of(PathStage.CERTIFIED)
    if on:
        register.issue(on, Issue.INITIAL)
        while _live_a_term(register):
            pass
        if closed and _is_in_force(register.made[-1], closed):
            register.enter(CertificateState.CANCELLED, closed)
    _add_other_standard(register, journey)
    return tuple(register.made)


def _live_a_term(register: _Register) -> bool:
    """Draw what becomes of the newest certificate; return whether another follows."""
    if not _survives(register):
        return _regain(register, register.made[-1].states[-1].on)
    _change_body(register)
    if not _upgrade(register):
        return False
    newest, chance = register.made[-1], register.chance
    if newest.expires_on > register.last:
        return False
    renewed = happens(chance, RECERTIFIED) or register.scenario in LIVES_ON
    if register.scenario is Scenario.REGAINED and len(register.made) == 1:
        renewed = False
    if not renewed:
        return _regain(register, newest.expires_on)
    on = newest.expires_on - timedelta(days=int(chance.random() * 60))
    following = register.issue(on, Issue.RECERTIFICATION, like=newest)
    if happens(chance, CHANGES_BODY):
        body = some(chance, register.people.bodies).credit_code
        register.made[-1] = replace(following, body=body)
    return True


def _survives(register: _Register) -> bool:
    """Suspend or withdraw the newest certificate, perhaps; return whether it lives."""
    newest, chance, scenario = register.made[-1], register.chance, register.scenario
    on = _within(register, newest)
    fate = chance.random() if scenario is None else 1.0
    is_first = len(register.made) == 1
    if fate < FRAUD or (scenario is Scenario.FRAUD and is_first):
        register.enter(CertificateState.WITHDRAWN, on, fraud=True)
        return False
    if fate < FRAUD + WITHDRAWN or (scenario is Scenario.WITHDRAWN and is_first):
        register.enter(CertificateState.WITHDRAWN, on)
        return False
    if fate < FRAUD + WITHDRAWN + SUSPENDED or (
        scenario is Scenario.SUSPENDED and is_first
    ):
        register.enter(CertificateState.SUSPENDED, on)
        back = min(on + timedelta(days=100), newest.expires_on)
        register.enter(CertificateState.VALID, back)
    return True


def _within(register: _Register, certificate: Certificate) -> date:
    """Return a day in the middle of a certificate's term that isn't ahead."""
    first = min(certificate.issued_on + timedelta(days=120), register.last)
    last = min(certificate.expires_on - timedelta(days=200), register.last)
    return day_between(register.chance, first, last)


def _change_body(register: _Register) -> None:
    newest, chance = register.made[-1], register.chance
    drawn = happens(chance, MOVED_BODY) and not register.scenario
    planned = register.scenario is Scenario.CHANGES_BODY and len(register.made) == 1
    on = _latest_state(newest) + timedelta(days=30 + int(chance.random() * 300))
    if (drawn or planned) and on <= min(register.last, newest.expires_on):
        register.enter(CertificateState.CANCELLED, on)
        moved = register.issue(on, Issue.CHANGE_OF_BODY, like=newest)
        others = [b for b in register.people.bodies if b.credit_code != newest.body]
        body = some(chance, others).credit_code
        standard = newest.standard if on < EDITION_2023 else moved.standard
        register.made[-1] = replace(moved, body=body, standard=standard)


def _is_in_force(certificate: Certificate, day: date) -> bool:
    ended = (CertificateState.WITHDRAWN, CertificateState.CANCELLED)
    states = certificate.states
    return certificate.expires_on >= day and not (states and states[-1].state in ended)


def _latest_state(certificate: Certificate) -> date:
    return max([certificate.issued_on, *(state.on for state in certificate.states)])


def _upgrade(register: _Register) -> bool:
    """Carry the newest certificate through the transition; False when it ends there."""
    newest, chance, scenario = register.made[-1], register.chance, register.scenario
    old = newest.standard is Standard.ENTERPRISE_2013
    if not old or newest.expires_on < EDITION_2023:
        return True
    refuses = scenario in (Scenario.NOT_UPGRADED, Scenario.NOT_UPGRADED_STILL_VALID)
    first = max(date(2024, 3, 1), _latest_state(newest) + timedelta(days=30))
    last = min(TRANSITION_END, newest.expires_on)
    wants = happens(chance, UPGRADED) or scenario is Scenario.UPGRADED
    on = day_between(chance, first, last)
    if wants and not refuses and first <= last:
        if on > register.last:
            return False
        register.enter(CertificateState.CANCELLED, on)
        register.issue(on, Issue.UPGRADE, like=newest)
        return True
    if newest.expires_on <= TRANSITION_END:
        return True
    _end_transition(register)
    return False


def _end_transition(register: _Register) -> None:
    """After 2025 bodies suspend or withdraw; some forget, so the register is wrong."""
    fate = register.chance.random()
    on = TRANSITION_END + timedelta(days=5 + int(register.chance.random() * 40))
    if register.scenario is Scenario.NOT_UPGRADED_STILL_VALID:
        return
    if register.scenario is Scenario.NOT_UPGRADED or fate < 0.6:
        register.enter(CertificateState.WITHDRAWN, on)
    elif fate < 0.9:
        register.enter(CertificateState.SUSPENDED, on)


def _regain(register: _Register, lost: date) -> bool:
    """Let who lost its certificate earn another, some years later, as a first one."""
    planned = register.scenario is Scenario.REGAINED
    wants = happens(register.chance, REGAINED) or planned
    on = lost + timedelta(days=200 + int(register.chance.random() * 700))
    if not wants or on > register.last:
        return False
    register.issue(on, Issue.INITIAL, like=register.made[-1])
    return True


def _add_other_standard(register: _Register, journey: Journey) -> None:
    """Add a certificate of a standard that never counts for enterprises."""
    planned = register.scenario is Scenario.OTHER_STANDARD
    on = journey.day_of(PathStage.APPLIED)
    if on and (planned or happens(register.chance, OTHER_STANDARD)):
        made = register.issue(on, Issue.INITIAL)
        kinds = (Standard.RESEARCH_2016, Standard.INNOVATION)
        number = made.number.replace("IP", "QT")
        standard = kinds[register.enterprise.number // 8 % 2]
        register.made[-1] = replace(made, standard=standard, number=number)


def _standard(chance: Random, on: date, issue: Issue) -> Standard:
    """Return the edition: old applications were taken until the end of 2024."""
    if on < EDITION_2023:
        return Standard.ENTERPRISE_2013
    old = issue is Issue.INITIAL and on <= OLD_APPLICATIONS_END
    if old and happens(chance, 0.4):
        return Standard.ENTERPRISE_2013
    return Standard.ENTERPRISE_2023


def _verification(chance: Random, scenario: Scenario | None) -> Verification:
    fate = chance.random()
    if scenario is Scenario.UNVERIFIED:
        return Verification.PENDING
    if scenario:
        return Verification.VERIFIED
    if fate < REJECTED:
        return Verification.REJECTED
    pending = fate < REJECTED + UNVERIFIED
    return Verification.PENDING if pending else Verification.VERIFIED


def _group_holder(register: _Register) -> str:
    """Return the head of the group where the certificate is a part of its one."""
    enterprise = register.enterprise
    head = enterprise.group
    if register.scenario is Scenario.GROUP_CERTIFICATE:
        head = head or credit_code(enterprise.number - enterprise.number % BLOCK)
    elif not happens(register.chance, UNDER_GROUP):
        return ""
    return head if head != enterprise.credit_code else ""


def _expiry(on: date) -> date:
    """Return the last day of three years from a day."""
    after = on.replace(year=on.year + 3, day=min(on.day, 28))
    return after - timedelta(days=1)
