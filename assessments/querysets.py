"""Who may see which assessment. Every door starts here.

Members see what is their enterprise's; people of an agency see what a mandate in
force shows them, and single officials what a named access in force shows them.
`visible_to` asks all of it in the query that fetches the rows, and says in each row
which mandate (`mandate_id`) or named access (`access_id`) opened it; both are None for
one's own. Only members change anything: services start from `own_of`.
"""

from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery

from accounts.mandate_querysets import MandateQuerySet
from accounts.mandated_reads import MandatedQuerySet
from accounts.models import Mandate, Membership, NamedAccess
from accounts.named_access_querysets import NamedAccessQuerySet
from accounts.querysets import Subject, person_id
from assessments.rules import ANSWERING_ROLES
from question_bank.models import BankVersion
from question_bank.selectors import compiled_bank


def member_of(person: UUID, enterprise: str) -> Exists:
    """Tell whether the person answers for the enterprise a row belongs to."""
    return Exists(
        Membership.objects.filter(
            user=person, organisation=OuterRef(enterprise), role__in=ANSWERING_ROLES
        )
    )


def mandates_for(
    person: UUID, *, enterprise: str, assessment: str = "", **needs: bool
) -> MandateQuerySet:
    """Return the mandates that open a row to the person, as a subquery.

    `enterprise` and `assessment` name the row's columns; `needs` are flags of the
    scope. Without `assessment` any mandate of the enterprise counts.
    """
    found = Mandate.objects.opening_to(person)
    found = found.filter(enterprise=OuterRef(enterprise), **needs)
    return found.covering(assessment) if assessment else found


@dataclass(frozen=True)
class Openings:
    """What opens a row to somebody from outside, as subqueries of the row's query."""

    mandates: MandateQuerySet
    accesses: NamedAccessQuerySet | None = None
    """None: named accesses are not asked for, which halves what the query costs."""

    def any(self, **conditions: Any) -> Q:
        """Tell whether one of them opens the row."""
        found = Q(Exists(self.mandates.filter(**conditions)))
        if self.accesses is not None:
            found |= Q(Exists(self.accesses.filter(**conditions)))
        return found

    def which(self) -> dict[str, Subquery]:
        """Return the columns that say which one opened the row."""
        found = {"mandate_id": Subquery(self.mandates.values("pk")[:1])}
        if self.accesses is not None:
            found["access_id"] = Subquery(self.accesses.values("pk")[:1])
        return found


def openings_for(
    person: UUID, *, enterprise: str, assessment: str = "", **needs: bool
) -> Openings:
    """Return the mandates and named accesses that open a row; see `mandates_for`."""
    mandates = mandates_for(
        person, enterprise=enterprise, assessment=assessment, **needs
    )
    named = NamedAccess.objects.opening_to(person)
    named = named.filter(enterprise=OuterRef(enterprise), **needs)
    return Openings(mandates, named.covering(assessment) if assessment else named)


class AssessmentQuerySet(MandatedQuerySet):
    """Chainable filters over assessments."""

    what = "assessment"

    def visible_to(self, user: Subject) -> Self:
        """One's enterprise's assessments, and those a mandate or an access shows.

        Of a mandate without drafts only what is submitted, and of a named access in
        any case. Which of its sections are shown is for `mandate_scope` to say;
        `in_parts` says that not all are.
        """
        if (person := person_id(user)) is None:
            return self.none()
        found = openings_for(person, enterprise="enterprise", assessment="pk")
        return self._opened(found, own=Q(member_of(person, "enterprise")))

    def held_by(self, user: Subject) -> Self:
        """Of what is visible, what mandates show: an agency's lists over its clients.

        Half the subqueries of `visible_to`, which is what such a list costs most.
        """
        if (person := person_id(user)) is None:
            return self.none()
        mandates = mandates_for(person, enterprise="enterprise", assessment="pk")
        return self._opened(Openings(mandates))

    def _opened(self, found: Openings, own: Q | None = None) -> Self:
        shown = found.any() & ~Q(status="draft")
        shown |= Q(Exists(found.mandates.filter(drafts=True)))
        rows = self.filter(shown if own is None else own | shown)
        return rows.annotate(**found.which(), in_parts=found.any(all_sections=False))

    def own_of(self, user: Subject) -> Self:
        """The assessments of the enterprise the person answers for."""
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(member_of(person, "enterprise"))

    def drafts(self) -> Self:
        """What can still be answered."""
        return self.filter(status="draft")

    def submitted(self) -> Self:
        """What is sealed, newest first."""
        return self.filter(status="submitted").order_by("-submitted_at", "pk")

    def light(self) -> Self:
        """Without the scorecard: it is large and only results need it."""
        return self.defer("scorecard")

    def newest_first(self) -> Self:
        """By start, newest first."""
        return self.order_by("-created_at", "pk")


class EvidenceQuerySet(MandatedQuerySet):
    """Chainable filters over evidence files."""

    what = "evidence"

    def visible_to(self, user: Subject) -> Self:
        """The files of one's enterprise, and those an opening with evidence shows.

        Where it names sections, only the files of their questions; which those are is
        known to the banks, so it costs a query to ask beforehand.
        """
        if (person := person_id(user)) is None:
            return self.none()
        found = openings_for(
            person,
            enterprise="assessment__enterprise",
            assessment="assessment",
            evidence=True,
        )
        shown = found.any(all_sections=True)
        for part in _named_sections(person):
            shown |= found.any(pk=part.pk) & _questions_of(part)
        shown &= ~Q(assessment__status="draft") | Q(
            Exists(found.mandates.filter(drafts=True))
        )
        rows = self.filter(Q(member_of(person, "assessment__enterprise")) | shown)
        return rows.annotate(**found.which())

    def own_of(self, user: Subject) -> Self:
        """The files of the enterprise the person answers for."""
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(member_of(person, "assessment__enterprise"))

    def in_order(self) -> Self:
        """By time of upload."""
        return self.order_by("uploaded_at", "pk")


@dataclass(frozen=True)
class _Part:
    """An opening that shows evidence of single sections."""

    pk: UUID
    enterprise: UUID
    sections: list[str]


def _named_sections(person: UUID) -> list[_Part]:
    """Return the openings that name sections; one query for both kinds."""
    columns, named = ("pk", "enterprise", "sections"), {"all_sections": False}
    mandates = Mandate.objects.opening_to(person).filter(evidence=True, **named)
    accesses = NamedAccess.objects.opening_to(person).filter(evidence=True, **named)
    rows = mandates.values_list(*columns).union(
        accesses.values_list(*columns), all=True
    )
    return [_Part(*row) for row in rows]


def _questions_of(part: _Part) -> Q:
    """Return the condition that a file belongs to a section the opening names."""
    versions = BankVersion.objects.filter(
        assessments__enterprise=part.enterprise
    ).distinct()
    found = Q(pk__in=[])
    for pk, sha256 in versions.values_list("pk", "sha256"):
        bank = compiled_bank(sha256)
        ids = [q.id for q in bank.questions if q.section in part.sections]
        found |= Q(assessment__bank_version=pk, question__in=ids)
    return found


class DataSheetQuerySet(MandatedQuerySet):
    """Chainable filters over enterprise data sheets."""

    what = "data_sheet"

    def visible_to(self, user: Subject) -> Self:
        """The sheets of one's enterprise, and those of an opening that says so."""
        if (person := person_id(user)) is None:
            return self.none()
        found = openings_for(person, enterprise="enterprise", data_sheet=True)
        shown = Q(member_of(person, "enterprise")) | found.any()
        return self.filter(shown).annotate(**found.which())

    def held_by(self, user: Subject) -> Self:
        """Of what is visible, what mandates show; see `AssessmentQuerySet.held_by`."""
        if (person := person_id(user)) is None:
            return self.none()
        mandates = mandates_for(person, enterprise="enterprise", data_sheet=True)
        found = Openings(mandates)
        return self.filter(found.any()).annotate(**found.which())

    def own_of(self, user: Subject) -> Self:
        """The sheets of the enterprise the person answers for."""
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(member_of(person, "enterprise"))

    def newest_first(self) -> Self:
        """By year, the latest first."""
        return self.order_by("-year", "pk")
