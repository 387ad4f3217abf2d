"""Who may see which assessment. Every door starts here.

Members see what is their enterprise's; people of an agency see what a mandate in
force shows them. `visible_to` asks both in the query that fetches the rows, and says
in each row's `mandate_id` which mandate opened it (None: one's own). Only members
change anything: services start from `own_of`.
"""

from typing import Self
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery

from accounts.mandate_querysets import MandateQuerySet
from accounts.mandated_reads import MandatedQuerySet
from accounts.models import Mandate, Membership
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


def _which(mandates: MandateQuerySet) -> Subquery:
    return Subquery(mandates.values("pk")[:1])


class AssessmentQuerySet(MandatedQuerySet):
    """Chainable filters over assessments."""

    what = "assessment"

    def visible_to(self, user: Subject) -> Self:
        """One's enterprise's assessments, and those a mandate shows.

        Of a mandate without drafts only what is submitted. Which of its sections
        are shown is for `mandate_scope` to say; `in_parts` says that not all are.
        """
        if (person := person_id(user)) is None:
            return self.none()
        mandates = mandates_for(person, enterprise="enterprise", assessment="pk")
        shown = Q(Exists(mandates)) & ~Q(status="draft")
        shown |= Q(Exists(mandates.filter(drafts=True)))
        found = self.filter(Q(member_of(person, "enterprise")) | shown)
        return found.annotate(
            mandate_id=_which(mandates),
            in_parts=Exists(mandates.filter(all_sections=False)),
        )

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
        """The files of one's enterprise, and those a mandate with evidence shows.

        Where a mandate names sections, only the files of their questions; which
        those are is known to the banks, so it costs a query to ask beforehand.
        """
        if (person := person_id(user)) is None:
            return self.none()
        mandates = mandates_for(
            person,
            enterprise="assessment__enterprise",
            assessment="assessment",
            evidence=True,
        )
        shown = Q(Exists(mandates.filter(all_sections=True)))
        for part in _named_sections(person):
            shown |= Q(Exists(mandates.filter(pk=part.pk))) & _questions_of(part)
        shown &= ~Q(assessment__status="draft") | Q(
            Exists(mandates.filter(drafts=True))
        )
        found = self.filter(Q(member_of(person, "assessment__enterprise")) | shown)
        return found.annotate(mandate_id=_which(mandates))

    def own_of(self, user: Subject) -> Self:
        """The files of the enterprise the person answers for."""
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(member_of(person, "assessment__enterprise"))

    def in_order(self) -> Self:
        """By time of upload."""
        return self.order_by("uploaded_at", "pk")


def _named_sections(person: UUID) -> list[Mandate]:
    found = Mandate.objects.opening_to(person)
    return list(found.filter(evidence=True, all_sections=False))


def _questions_of(mandate: Mandate) -> Q:
    """Return the condition that a file belongs to a section the mandate names."""
    versions = BankVersion.objects.filter(
        assessments__enterprise=mandate.enterprise_id
    ).distinct()
    found = Q(pk__in=[])
    for pk, sha256 in versions.values_list("pk", "sha256"):
        bank = compiled_bank(sha256)
        ids = [q.id for q in bank.questions if q.section in mandate.sections]
        found |= Q(assessment__bank_version=pk, question__in=ids)
    return found


class DataSheetQuerySet(MandatedQuerySet):
    """Chainable filters over enterprise data sheets."""

    what = "data_sheet"

    def visible_to(self, user: Subject) -> Self:
        """The sheets of one's enterprise, and those of a mandate that says so."""
        if (person := person_id(user)) is None:
            return self.none()
        mandates = mandates_for(person, enterprise="enterprise", data_sheet=True)
        shown = Q(member_of(person, "enterprise")) | Q(Exists(mandates))
        return self.filter(shown).annotate(mandate_id=_which(mandates))

    def own_of(self, user: Subject) -> Self:
        """The sheets of the enterprise the person answers for."""
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(member_of(person, "enterprise"))

    def newest_first(self) -> Self:
        """By year, the latest first."""
        return self.order_by("-year", "pk")
