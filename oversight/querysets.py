"""Who may see which row of the registers. Every door starts here.

Those who keep the registers (a bureau's manager and analysts) see all of it. People
of an enterprise see what the registers hold of their own enterprise, once its claim
is proven: a credit code alone proves nothing. Operators and agencies see nothing.
"""

from datetime import datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, When

from accounts.models import Membership
from accounts.querysets import Subject, person_id
from accounts.rules import Kind
from oversight.rules import KEEPING_ROLES


def keeps_registers(person: UUID) -> Exists:
    """Tell whether the person keeps the registers of a bureau."""
    return Exists(
        Membership.objects.filter(
            user=person, organisation__kind=Kind.BUREAU, role__in=KEEPING_ROLES
        )
    )


def works_for(person: UUID, credit_code: str) -> Exists:
    """Tell whether the person is of the enterprise with the row's credit code."""
    return Exists(
        Membership.objects.filter(
            user=person,
            organisation__claim__state="proven",
            organisation__kind=Kind.ENTERPRISE,
            organisation__credit_code=OuterRef(credit_code),
        )
    )


class KeptQuerySet(models.QuerySet[Any]):
    """Rows that only those who keep the registers see."""

    def visible_to(self, user: Subject) -> Self:
        """Everything for those who keep the registers, nothing for others."""
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(keeps_registers(person))

    def newest_first(self) -> Self:
        """By time of recording, the latest first."""
        return self.order_by("-created_at", "pk")


class OwnedQuerySet(models.QuerySet[Any]):
    """Rows about a unit; `owner` leads to its credit code."""

    owner: ClassVar[str]

    def visible_to(self, user: Subject) -> Self:
        """All for those who keep the registers, one's own for an enterprise."""
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(
            Q(keeps_registers(person)) | Q(works_for(person, self.owner))
        )

    def kept_by(self, user: Subject) -> Self:
        """All for those who keep the registers, nothing for others.

        What a bureau counts: unlike `visible_to` it asks no row whose it is.
        """
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(keeps_registers(person))

    def own_of(self, user: Subject) -> Self:
        """What is about the enterprise the person works for."""
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(works_for(person, self.owner))

    def newest_first(self) -> Self:
        """By time of recording, the latest first."""
        return self.order_by("-created_at", "pk")


class UnitQuerySet(OwnedQuerySet):
    """Registered units."""

    owner = "credit_code"

    def standing(self) -> Self:
        """Without units that were taken out again."""
        return self.filter(is_standing=True)

    def by_code(self) -> Self:
        """In the order of credit codes."""
        return self.order_by("credit_code")


class HeldQuerySet(OwnedQuerySet):
    """Certificates and recognitions."""

    owner = "in_force__holder__credit_code"

    def standing(self) -> Self:
        """Without records that were taken out or sent back."""
        return self.filter(is_standing=True)

    def public(self) -> Self:
        """Facts anybody may know: verified and standing."""
        return self.standing().filter(in_force__verification="verified")

    def awaiting(self) -> Self:
        """Whose latest revision somebody has still to check, the oldest first."""
        found = self.filter(latest__verification="pending", is_standing=True)
        return found.order_by("latest__recorded_at", "pk")


class RevisionQuerySet(models.QuerySet[Any]):
    """Revisions of a record; they hold as soon as they are recorded."""

    def visible_to(self, user: Subject) -> Self:
        """Those of records the person may see."""
        if person_id(user) is None:
            return self.none()
        return self.filter(record__in=self._records().visible_to(user).values("pk"))

    def in_order(self) -> Self:
        """As they were recorded, with who recorded them."""
        return self.select_related("recorded_by", "batch").order_by("record", "seq")

    def known_before(self, moment: datetime) -> Self:
        """Of every record the revision that held just before `moment`."""
        return self._holding(
            moment, "latest", among=self._known(moment).order_by("-seq")
        )

    def _known(self, moment: datetime) -> Self:
        found: Self = self.model.objects.filter(recorded_at__lt=moment)
        return found

    def _holding(self, moment: datetime, holds: str, *, among: Self) -> Self:
        """Of every record what held: what it names in `holds`, or the first `among`.

        A record nobody touched since names it itself; only the others are looked
        through revision by revision.
        """
        records = self._records()
        untouched = records.filter(latest__recorded_at__lt=moment).values(holds)
        first = among.filter(record=OuterRef("pk")).values("pk")[:1]
        touched = records.filter(latest__recorded_at__gte=moment)
        earlier = touched.annotate(held=Subquery(first)).values("held")
        return self.filter(Q(pk__in=untouched) | Q(pk__in=earlier))

    def _records(self) -> Any:
        """All records of this register."""
        model: Any = self.model
        return model.record.field.related_model.objects.all()


class CheckedRevisionQuerySet(RevisionQuerySet):
    """Revisions that hold once a second official has verified them."""

    def known_before(self, moment: datetime) -> Self:
        """Of every record the revision that held just before `moment`.

        The latest verified one, or the latest where none was verified yet.
        """
        verified_first = Case(When(verification="verified", then=0), default=1)
        known = self._known(moment).annotate(rank=verified_first)
        return self._holding(moment, "in_force", among=known.order_by("rank", "-seq"))


class FileQuerySet(models.QuerySet[Any]):
    """Evidence files of records."""

    def visible_to(self, user: Subject) -> Self:
        """All for those who keep the registers, one's own for an enterprise."""
        if (person := person_id(user)) is None:
            return self.none()
        certificate = works_for(person, "certificate__in_force__holder__credit_code")
        recognition = works_for(person, "recognition__in_force__holder__credit_code")
        return self.filter(Q(keeps_registers(person)) | Q(certificate) | Q(recognition))

    def in_order(self) -> Self:
        """By time of upload."""
        return self.order_by("uploaded_at", "pk")


class SnapshotQuerySet(models.QuerySet[Any]):
    """What may be shown of readiness and participation."""

    def visible_to(self, user: Subject) -> Self:
        """Snapshots for those who read a bureau's statistics, nothing for others."""
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(keeps_registers(person))

    def published(self) -> Self:
        """What passed disclosure control, the latest first."""
        return self.filter(state="published").order_by("-number")

    def refused_after(self, month: str) -> Self:
        """What was refused of later months, the last attempt first."""
        found = self.filter(state="refused", month__gt=month)
        return found.order_by("-taken_at", "-pk")

    def newest_first(self) -> Self:
        """By the time they were taken, the last first."""
        return self.order_by("-taken_at", "-pk")

    def light(self) -> Self:
        """Without the document."""
        return self.defer("document")


class BulletinQuerySet(models.QuerySet[Any]):
    """What the bureau tells of a month or a year."""

    def visible_to(self, user: Subject) -> Self:
        """All for those who read a bureau's statistics, nothing for others."""
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(keeps_registers(person))

    def issued(self) -> Self:
        """What is final."""
        return self.filter(state="issued")

    def newest_first(self) -> Self:
        """By the day they speak of, the latest first; later editions before earlier."""
        return self.order_by("-day", "kind", "-edition")

    def light(self) -> Self:
        """Without the content."""
        return self.defer("content", "changes")


class CalibrationQuerySet(models.QuerySet[Any]):
    """What calibration found, for a bureau's experts."""

    def visible_to(self, user: Subject) -> Self:
        """Reports for those who read a bureau's statistics, nothing for others."""
        if (person := person_id(user)) is None:
            return self.none()
        return self.filter(keeps_registers(person))

    def published(self) -> Self:
        """What passed disclosure control, the latest first, with its snapshot."""
        return self.filter(state="published").newest_first()

    def newest_first(self) -> Self:
        """The latest first, with the snapshot but not its document."""
        found = self.select_related("snapshot").defer("snapshot__document")
        return found.order_by("-snapshot__number")

    def light(self) -> Self:
        """Without the documents."""
        return self.defer("document", "snapshot__document")
