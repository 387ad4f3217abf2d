"""Who may see which review, remark and mark.

Members of the enterprise see what agencies said to it, for good. People of an agency
see its own reviews alone, and only through a mandate in force that covers the
assessment; of a mandate that names sections, only what is about those. `held_by` is
the agency's side, for what only reviewers do.
"""

from typing import Any, ClassVar, Self
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Subquery

from accounts.mandate_querysets import MandateQuerySet
from accounts.mandated_reads import MandatedQuerySet
from accounts.models import Mandate
from accounts.querysets import Subject, person_id
from assessments.querysets import mandates_for, member_of


def _mandates(person: UUID, review: str) -> MandateQuerySet:
    """Return the mandates of the reviewing agency that cover what it reviews.

    `review` is the way from a row to its review, empty or ending in `__`.
    """
    return mandates_for(
        person,
        enterprise=f"{review}assessment__enterprise",
        assessment=f"{review}assessment",
    ).filter(agency=OuterRef(f"{review}agency"))


def _held(person: UUID, review: str) -> Q:
    """Return the condition that a mandate shows the reviewed assessment now."""
    mandates = _mandates(person, review)
    sealed = ~Q(**{f"{review}assessment__status": "draft"})
    return Q(Exists(mandates)) & sealed | Q(Exists(mandates.filter(drafts=True)))


def _within_sections(person: UUID, review: str) -> Q:
    """Return the condition that a row is about a section the mandate shows."""
    mandates = _mandates(person, review)
    shown = Q(section="") | Q(Exists(mandates.filter(all_sections=True)))
    for part in Mandate.objects.opening_to(person).filter(all_sections=False):
        named = Q(Exists(mandates.filter(pk=part.pk)))
        shown |= named & Q(section__in=part.sections)
    return shown


class ReviewQuerySet(MandatedQuerySet):
    """Chainable filters over reviews; a read is noted as one of the assessment."""

    what = "assessment"
    noted = "assessment_id"

    def visible_to(self, user: Subject) -> Self:
        """The reviews of one's enterprise, and one's agency's under a mandate."""
        if (person := person_id(user)) is None:
            return self.none()
        own = Q(member_of(person, "assessment__enterprise"))
        return self._opened(person).filter(own | _held(person, ""))

    def held_by(self, user: Subject) -> Self:
        """The reviews the person may work on, under a mandate in force."""
        if (person := person_id(user)) is None:
            return self.none()
        return self._opened(person).filter(_held(person, ""))

    def _opened(self, person: UUID) -> Self:
        mandates = _mandates(person, "").values("pk")[:1]
        return self.annotate(mandate_id=Subquery(mandates))

    def newest_first(self) -> Self:
        """By beginning, the latest first."""
        return self.order_by("-opened_at", "pk")

    def for_page(self) -> Self:
        """With whom and what it is about, without the large documents."""
        rows = self.select_related(
            "assessment__enterprise",
            "assessment__bank_version",
            "agency",
            "opened_under",
            "opened_by",
            "closed_by",
        )
        return rows.defer("assessment__scorecard", "assessment__bank_version__document")


class RemarkQuerySet(MandatedQuerySet):
    """Chainable filters over remarks."""

    what = "assessment"
    noted = "about_id"

    def visible_to(self, user: Subject) -> Self:
        """What was said to one's enterprise, or by one's agency within its mandate."""
        if (person := person_id(user)) is None:
            return self.none()
        own = Q(member_of(person, "review__assessment__enterprise"))
        held = _held(person, "review__") & _within_sections(person, "review__")
        mandates = _mandates(person, "review__").values("pk")[:1]
        found = self.filter(own | held)
        return found.annotate(
            mandate_id=Subquery(mandates), about_id=F("review__assessment")
        )

    def awaiting(self, user: Subject) -> Self:
        """What a client answered and the person's agency has to look at.

        Remarks about a question count where the mandate shows every section.
        """
        if (person := person_id(user)) is None:
            return self.none()
        whole = Exists(_mandates(person, "review__").filter(all_sections=True))
        return self.filter(
            _held(person, "review__"),
            Q(section="") | Q(whole),
            state__in=["accepted", "argued"],
        )

    def in_order(self) -> Self:
        """As they were made, with what was said."""
        messages = apps.get_model("reviews", "RemarkMessage").objects
        said = Prefetch("messages", messages.select_related("by").order_by("pk"))
        rows = self.select_related("opened_by").prefetch_related(said)
        return rows.order_by("opened_at", "pk")


class _OfReview(models.QuerySet[Any]):
    """Rows that hang on a review and are about a question of a section."""

    side: ClassVar[Q] = Q()

    def visible_to(self, user: Subject) -> Self:
        """Those of reviews the person may see, within the sections shown."""
        if (person := person_id(user)) is None:
            return self.none()
        own = Q(member_of(person, "review__assessment__enterprise")) & self.side
        held = _held(person, "review__") & _within_sections(person, "review__")
        return self.filter(own | held)


class ReviewMarkQuerySet(_OfReview):
    """Marks: the client sees them once the review is given back."""

    side = ~Q(review__state="open")


class ReviewEventQuerySet(_OfReview):
    """The history; marks of an open review are the agency's alone."""

    side = ~Q(review__state="open", kind__in=["marked", "unmarked"])

    def in_order(self) -> Self:
        """As it happened, the latest first."""
        rows = self.select_related("actor", "organisation")
        return rows.order_by("-at", "-pk")
