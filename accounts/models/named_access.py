"""Named access: how single officials come to read one enterprise's submitted answers.

Two ways, and no third: the enterprise's owner consents, or a ground in law is entered
by one official and approved by another one.
"""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.mandate_scope import Scope
from accounts.models.organisation import Organisation
from accounts.named_access_querysets import (
    NamedAccessEventQuerySet,
    NamedAccessQuerySet,
)


class NamedAccess(models.Model):
    """One request of a bureau to read of one enterprise, and what became of it.

    It opens nothing before it is decided: `state` goes from asked to open, refused or
    withdrawn, once. Open, it is in force from `starts_at` until `ends_at`, or until
    it is revoked. The scope is only ever narrowed, and never shows drafts. Only the
    people in `readers` read, and only while they work for the bureau.
    """

    class Basis(models.TextChoices):
        CONSENT = "consent", _("企业同意")
        GROUND = "ground", _("法定依据")

    class Ground(models.TextChoices):
        ENFORCEMENT = "enforcement", _("行政执法调查")
        COMPLAINT = "complaint", _("投诉举报核查")
        FUNDS = "funds", _("财政资金检查")
        JUDICIAL = "judicial", _("司法机关要求协助")

    class State(models.TextChoices):
        ASKED = "asked", _("待决定")
        OPEN = "open", _("已批准")
        REFUSED = "refused", _("已拒绝")
        WITHDRAWN = "withdrawn", _("已撤回")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    enterprise = models.ForeignKey(
        Organisation, models.PROTECT, related_name="named_accesses_to_it"
    )
    bureau = models.ForeignKey(
        Organisation, models.PROTECT, related_name="named_accesses_held"
    )
    basis = models.CharField(max_length=16, choices=Basis)
    purpose = models.CharField(_("用途"), max_length=200)
    ground = models.CharField(
        _("法定依据类别"), max_length=16, choices=Ground, blank=True
    )
    document_number = models.CharField(_("文号"), max_length=80, blank=True)
    document_date = models.DateField(_("文书日期"), null=True)
    all_assessments = models.BooleanField(default=True)
    all_sections = models.BooleanField()
    sections = models.JSONField(default=list)
    evidence = models.BooleanField(default=False)
    report = models.BooleanField(default=False)
    data_sheet = models.BooleanField(default=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=State, default=State.ASKED)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=200, blank=True)
    starts_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField()
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True)
    revoked_reason = models.CharField(max_length=200, blank=True)

    objects: ClassVar[NamedAccessQuerySet] = NamedAccessQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(purpose=""), name="named_access_purpose_is_said"
            ),
            models.CheckConstraint(
                condition=Q(
                    basis="consent", ground="", document_number="", document_date=None
                )
                | Q(
                    basis="ground",
                    ground__in=["enforcement", "complaint", "funds", "judicial"],
                    document_date__isnull=False,
                )
                & ~Q(document_number=""),
                name="named_access_ground_has_a_document",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", decided_by=None, decided_at=None)
                | Q(
                    state__in=["open", "refused", "withdrawn"],
                    decided_by__isnull=False,
                    decided_at__isnull=False,
                ),
                name="named_access_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(basis="ground", state="open")
                | ~Q(decided_by=F("asked_by")),
                name="named_access_ground_takes_two",
            ),
            models.CheckConstraint(
                condition=Q(state="open", starts_at__isnull=False)
                | ~Q(state="open") & Q(starts_at=None, revoked_at=None),
                name="named_access_starts_when_opened",
            ),
            models.CheckConstraint(
                condition=Q(starts_at=None) | Q(ends_at__gt=F("starts_at")),
                name="named_access_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(report=False) | Q(all_sections=True),
                name="named_access_report_needs_all_sections",
            ),
        ]
        indexes = [
            models.Index(fields=["enterprise", "ends_at"], name="named_access_by_firm")
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def scope(self) -> Scope:
        """What this access shows; one query when it names assessments."""
        named = None
        if not self.all_assessments:
            named = frozenset(row.assessment_id for row in self.assessments.all())
        return Scope(
            assessments=named,
            sections=None if self.all_sections else frozenset(self.sections),
            evidence=self.evidence,
            report=self.report,
            data_sheet=self.data_sheet,
        )

    @property
    def is_asked(self) -> bool:
        """Whether somebody has still to decide."""
        return self.state == self.State.ASKED

    @property
    def is_on_ground(self) -> bool:
        """Whether it rests on a ground in law, not on consent."""
        return self.basis == self.Basis.GROUND

    def standing(self, at: datetime) -> str:
        """Return asked, lapsed, refused, withdrawn, active, ended or revoked.

        For words only, never for deciding who reads.
        """
        if self.state == self.State.ASKED:
            return "asked" if at < self.ends_at else "lapsed"
        if self.state != self.State.OPEN:
            return str(self.state)
        if self.revoked_at is not None:
            return "revoked"
        return "active" if at < self.ends_at else "ended"


class NamedReader(models.Model):
    """One official who may read through an access; named when it is asked for."""

    access = models.ForeignKey(NamedAccess, models.PROTECT, related_name="readers")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["access", "person"], name="named_reader_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.person_id)


class NamedAccessAssessment(models.Model):
    """One assessment named by an access that does not cover all of them.

    An id without a foreign key: assessments are stored above this app.
    """

    access = models.ForeignKey(NamedAccess, models.PROTECT, related_name="assessments")
    assessment_id = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["access", "assessment_id"], name="named_access_assessment_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.assessment_id)


class NamedAccessEvent(models.Model):
    """One thing that happened to an access; append-only, both sides may read it.

    `after` holds the scope and the end where there is one; `text` a reason or an
    objection.
    """

    class Kind(models.TextChoices):
        ASKED = "asked", _("申请")
        OFFERED = "offered", _("企业主动提供")
        CONSENTED = "consented", _("企业同意")
        APPROVED = "approved", _("批准")
        REFUSED = "refused", _("拒绝")
        WITHDRAWN = "withdrawn", _("撤回申请")
        NARROWED = "narrowed", _("缩小范围")
        REVOKED = "revoked", _("终止")
        OBJECTED = "objected", _("企业提出异议")

    access = models.ForeignKey(NamedAccess, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=16, choices=Kind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    text = models.TextField(blank=True)
    after = models.JSONField(default=dict)

    objects: ClassVar[NamedAccessEventQuerySet] = NamedAccessEventQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "asked", "offered", "consented", "approved", "refused",
                        "withdrawn", "narrowed", "revoked", "objected",
                    ]
                ),
                name="named_access_event_kind",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.kind} {self.access_id}"
