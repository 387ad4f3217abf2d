"""Counting first certifications: every enterprise once, in the year of its first.

The year is that of the earliest first-issue date printed on any of the enterprise's
certificates, whatever body or edition. docs/counting.md explains the rule.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from oversight.counting.facts import (
    Certificate,
    CertificateState,
    Enterprise,
    Facts,
    Issue,
    Standard,
    Verification,
)
from oversight.counting.lines import Line, Tally, both_divisions, in_order
from oversight.counting.places import Successors, enterprises_by_code, place_on
from oversight.counting.reasons import Flag, Outcome, Reason

ENTERPRISE_STANDARDS: Final = frozenset(s for s in Standard if s.for_enterprises)
NO_SUCCESSORS: Final[Successors] = {}


@dataclass(frozen=True)
class CertificationRule:
    """What the bureau has decided about certificates.

    `cooperatives` is None while it is undecided. `enterprises_only` refuses holders
    whose credit code does not begin with 91; `group_members` counts whoever a group
    certificate covers without a certificate of their own.
    """

    standards: frozenset[Standard] = ENTERPRISE_STANDARDS
    enterprises_only: bool = True
    cooperatives: bool | None = None
    group_members: bool = False


def count_first_certifications(
    facts: Facts,
    day: date,
    rule: CertificationRule | None = None,
    successors: Successors = NO_SUCCESSORS,
) -> Tally:
    """Return a line for every certificate, as of a day.

    At most one line of each enterprise is counted. Lines of all years are returned:
    `Tally.between` picks those of a plan.
    """
    counting = _Counting(facts, day, rule or CertificationRule(), successors)
    return in_order([line for code in counting.held for line in counting.lines(code)])


def explain_enterprise(facts: Facts, code: str, tally: Tally, day: date) -> Tally:
    """Return the lines of one enterprise; without a certificate, one that says so."""
    own = [line for line in tally.lines if line.holder == code]
    if not own:
        known = enterprises_by_code(facts).get(code)
        name = known.name if known else ""
        own = [Line(code, name, Reason.NO_CERTIFICATE, "", day)]
    return in_order(own)


class _Counting:
    """One count: the certificates by holder and what is known about the holders."""

    def __init__(
        self, facts: Facts, day: date, rule: CertificationRule, successors: Successors
    ) -> None:
        self._day = day
        self._rule = rule
        self._successors = successors
        self._enterprises = enterprises_by_code(facts)
        self.held = certificates_by_holder(facts.certificates)
        self._predecessors = _predecessors(facts.enterprises)

    def lines(self, code: str) -> list[Line]:
        """Return the lines of one holder's certificates."""
        barred = [(c, self._bar(c)) for c in self.held[code]]
        qualified = [c for c, reason in barred if reason is None]
        first = min(qualified, key=_firstness, default=None)
        lines: list[Line] = []
        for certificate, bar in barred:
            if bar is not None:
                reason = bar
            elif certificate is first:
                reason = self._reason_of_first(certificate)
            else:
                reason = _reason_of_later(certificate, qualified)
            lines.append(self._line(certificate, reason))
        return lines

    def _bar(self, certificate: Certificate) -> Reason | None:
        """Return why a certificate can be nobody's first, None when it can."""
        if certificate.standard not in self._rule.standards:
            return Reason.OTHER_STANDARD
        if certificate.verification is not Verification.VERIFIED:
            return unverified(certificate.verification)
        if obtained_by_fraud(certificate):
            return Reason.FRAUD
        if certificate.first_issued_on > self._day:
            return Reason.NOT_YET
        return self._bar_by_others(certificate)

    def _bar_by_others(self, certificate: Certificate) -> Reason | None:
        """Return what other certificates say against this one."""
        if not self._rule.group_members and self._only_covered(certificate):
            return Reason.GROUP_MEMBER
        if certificate.issue is Issue.INITIAL:
            return None
        holder, first_day = certificate.holder, certificate.first_issued_on
        begun = [c for c in self.held[holder] if c.first_issued_on == first_day]
        if any(obtained_by_fraud(c) and c.issue is Issue.INITIAL for c in begun):
            return Reason.RESTS_ON_FRAUD
        predecessors = self._predecessors.get(holder, ())
        former = [c for code in predecessors for c in self.held.get(code, ())]
        taken_over = any(c.first_issued_on == first_day for c in former)
        return Reason.TAKEN_OVER if taken_over else None

    def _only_covered(self, certificate: Certificate) -> bool:
        """Whether a certificate is the group's own, entered for a member."""
        group = certificate.group_holder
        return group not in ("", certificate.holder) and any(
            c.number == certificate.number and c.body == certificate.body
            for c in self.held.get(group, ())
        )

    def _reason_of_first(self, certificate: Certificate) -> Reason:
        code = certificate.holder
        if self._rule.enterprises_only and code[:2] != "91":
            if code[:2] != "93":
                return Reason.NOT_AN_ENTERPRISE
            if self._rule.cooperatives is not True:
                undecided = self._rule.cooperatives is None
                return Reason.COOPERATIVE if undecided else Reason.NOT_AN_ENTERPRISE
        enterprise = self._enterprises.get(code)
        if enterprise is None:
            return Reason.UNKNOWN_HOLDER
        place = place_on(enterprise, certificate.first_issued_on)
        if place is None:
            return Reason.PLACE_UNKNOWN
        return Reason.FIRST if place else Reason.OUTSIDE

    def _line(self, certificate: Certificate, reason: Reason) -> Line:
        first = reason.outcome is Outcome.COUNTED or reason in _ABOUT_THE_FIRST
        on = certificate.first_issued_on if first else certificate.issued_on
        enterprise = self._enterprises.get(certificate.holder)
        return Line(
            holder=certificate.holder,
            name=enterprise.name if enterprise else "",
            reason=reason,
            rests_on=certificate.number,
            on=on,
            category=certificate.standard.value,
            flags=_flags(certificate, self._day) if reason is Reason.FIRST else (),
            detail=_fraud_document(certificate) if reason is Reason.FRAUD else "",
            fact_id=certificate.id,
            **both_divisions(
                place_on(enterprise, on) if enterprise else None, self._successors
            ),
        )


def certificates_by_holder(
    certificates: Iterable[Certificate],
) -> dict[str, list[Certificate]]:
    """Return the certificates of each holder."""
    held: dict[str, list[Certificate]] = defaultdict(list)
    for certificate in certificates:
        held[certificate.holder].append(certificate)
    return dict(held)


def unverified(verification: Verification) -> Reason:
    """Return what a fact that is not verified comes to."""
    rejected = verification is Verification.REJECTED
    return Reason.REJECTED if rejected else Reason.UNVERIFIED


def obtained_by_fraud(certificate: Certificate) -> bool:
    """Whether a certificate was voided because it was got by deceit."""
    return any(change.fraud for change in certificate.states)


def state_on(certificate: Certificate, day: date) -> CertificateState:
    """Return the state on a day, leaving issue and expiry aside."""
    reached = [change.state for change in certificate.states if change.on <= day]
    return reached[-1] if reached else CertificateState.VALID


def last_valid_day(certificate: Certificate) -> date:
    """Return the last day before a certificate ended for good."""
    ends = [change.on - _DAY for change in certificate.states if change.state in _FINAL]
    return min([certificate.expires_on, *ends])


def _firstness(certificate: Certificate) -> tuple[date, bool, date, str, str]:
    """Order certificates by first issue; among equals the first itself leads."""
    return (
        certificate.first_issued_on,
        certificate.issue is not Issue.INITIAL,
        certificate.issued_on,
        certificate.number,
        certificate.body,
    )


def _reason_of_later(certificate: Certificate, qualified: list[Certificate]) -> Reason:
    """Return why a certificate that is not the first is not counted."""
    if certificate.issue in _FOLLOWING:
        return _FOLLOWING[certificate.issue]
    earlier = [c for c in qualified if c.issued_on < certificate.issued_on]
    gap_before = certificate.issued_on - _DAY
    lapsed = earlier and all(last_valid_day(c) < gap_before for c in earlier)
    return Reason.REGAINED if lapsed else Reason.SAME_ENTERPRISE


def _predecessors(enterprises: Iterable[Enterprise]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for enterprise in enterprises:
        if enterprise.merged_into:
            found[enterprise.merged_into].append(enterprise.credit_code)
    return found


def _flags(certificate: Certificate, day: date) -> tuple[Flag, ...]:
    found: list[Flag] = []
    if certificate.issue is not Issue.INITIAL:
        found.append(Flag.FIRST_NOT_ON_FILE)
    valid = state_on(certificate, day) is CertificateState.VALID
    if not valid or certificate.expires_on < day:
        found.append(Flag.NOT_VALID_NOW)
    return tuple(found)


def _fraud_document(certificate: Certificate) -> str:
    found = [c.document for c in certificate.states if c.fraud and c.document]
    return found[-1] if found else ""


_DAY: Final = timedelta(days=1)
_FINAL: Final = frozenset((CertificateState.WITHDRAWN, CertificateState.CANCELLED))
_FOLLOWING: Final[Mapping[Issue, Reason]] = {
    Issue.RECERTIFICATION: Reason.RENEWAL,
    Issue.UPGRADE: Reason.UPGRADE,
    Issue.CHANGE_OF_BODY: Reason.CHANGE_OF_BODY,
}
_ABOUT_THE_FIRST: Final = frozenset(
    (
        Reason.FRAUD,
        Reason.OUTSIDE,
        Reason.PLACE_UNKNOWN,
        Reason.UNKNOWN_HOLDER,
        Reason.COOPERATIVE,
        Reason.NOT_AN_ENTERPRISE,
        Reason.NOT_YET,
    )
)
