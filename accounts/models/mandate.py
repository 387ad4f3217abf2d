"""Mandates: how an enterprise lets an agency in, and what became of it."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.mandate_querysets import (
    MandateEventQuerySet,
    MandateInvitationQuerySet,
    MandateQuerySet,
)
from accounts.mandate_scope import Scope
from accounts.models.organisation import Organisation


class Mandate(models.Model):
    """An enterprise's permission for one agency to read some of its data.

    In force from `starts_at` until `ends_at`, or until it is revoked. The scope
    is only ever narrowed; more takes a new mandate, which replaces this one.
    `is_current` marks the latest mandate between the two organisations.
    """

    class Purpose(models.TextChoices):
        COACHING = "coaching", _("贯标辅导")
        CERTIFICATION = "certification", _("认证准备")
        ADVANTAGE = "advantage", _("优势企业申报")
        OTHER = "other", _("其他")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, related_name="mandates_given"
    )
    agency = models.ForeignKey(
        Organisation, models.PROTECT, related_name="mandates_held"
    )
    purpose = models.CharField(_("授权用途"), max_length=16, choices=Purpose)
    purpose_note = models.CharField(_("用途说明"), max_length=200, blank=True)
    all_assessments = models.BooleanField()
    all_sections = models.BooleanField()
    sections = models.JSONField(default=list)
    evidence = models.BooleanField(default=False)
    report = models.BooleanField(default=False)
    data_sheet = models.BooleanField(default=False)
    drafts = models.BooleanField(default=False)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    granted_at = models.DateTimeField()
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=200, blank=True)
    is_current = models.BooleanField(default=True)
    reminded_at = models.DateTimeField(null=True)

    objects: ClassVar[MandateQuerySet] = MandateQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "agency"],
                condition=Q(is_current=True),
                name="mandate_one_current",
            ),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="mandate_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(report=False) | Q(all_sections=True),
                name="mandate_report_needs_all_sections",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=["coaching", "certification", "advantage"])
                | Q(purpose="other") & ~Q(purpose_note=""),
                name="mandate_purpose_is_said",
            ),
        ]
        indexes = [
            # Without the enterprise, an agency's lists cost the square of its clients.
            models.Index(
                fields=["agency", "enterprise", "ends_at"], name="mandate_by_sides"
            )
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def scope(self) -> Scope:
        """What this mandate shows; one query when it names assessments."""
        named = None
        if not self.all_assessments:
            named = frozenset(row.assessment_id for row in self.assessments.all())
        return Scope(
            assessments=named,
            sections=None if self.all_sections else frozenset(self.sections),
            evidence=self.evidence,
            report=self.report,
            data_sheet=self.data_sheet,
            drafts=self.drafts,
        )

    def is_active(self, at: datetime) -> bool:
        """Tell whether it is in force at `at`; for showing, never for deciding."""
        return self.revoked_at is None and self.starts_at <= at < self.ends_at

    def state(self, at: datetime) -> str:
        """Return revoked, ended, planned or active."""
        if self.revoked_at is not None:
            return "revoked"
        if at >= self.ends_at:
            return "ended"
        return "planned" if at < self.starts_at else "active"


class MandateAssessment(models.Model):
    """One assessment named by a mandate that does not cover all of them.

    An id without a foreign key: assessments are stored above this app.
    """

    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="assessments")
    assessment_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["mandate", "assessment_id"], name="mandate_assessment_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.assessment_id)


class MandateEvent(models.Model):
    """One thing that happened to a mandate; append-only, both sides may read it.

    `before` and `after` hold the scope and the end, empty where there is none.
    """

    class Kind(models.TextChoices):
        GRANTED = "granted", _("开始授权")
        EXTENDED = "extended", _("延期")
        NARROWED = "narrowed", _("缩小范围")
        REVOKED = "revoked", _("撤销")
        REPLACED = "replaced", _("由新的授权替代")

    mandate = models.ForeignKey(Mandate, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=16, choices=Kind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    objects: ClassVar[MandateEventQuerySet] = MandateEventQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=["granted", "extended", "narrowed", "revoked", "replaced"]
                ),
                name="mandate_event_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.mandate_id}"


class MandateInvitation(models.Model):
    """An agency's request for a mandate: a link an enterprise's owner opens once.

    The link grants nothing. The owner who accepts decides on scope and end; the
    secret is stored as a SHA-256 only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(
        Organisation, models.PROTECT, related_name="mandate_invitations"
    )
    email = models.EmailField(_("邮箱"), blank=True)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    mandate = models.OneToOneField(
        Mandate, models.PROTECT, null=True, related_name="invitation"
    )
    accepted_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[MandateInvitationQuerySet] = (
        MandateInvitationQuerySet.as_manager()  # type: ignore[assignment]
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="mandate_invitation_expires_later",
            ),
            models.CheckConstraint(
                condition=Q(mandate=None, accepted_at=None)
                | Q(mandate__isnull=False, accepted_at__isnull=False, revoked_at=None),
                name="mandate_invitation_accepted_or_revoked",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    def is_open(self, at: datetime) -> bool:
        """Tell whether an owner may still accept this at `at`."""
        unused = self.accepted_at is None and self.revoked_at is None
        return unused and at < self.expires_at
