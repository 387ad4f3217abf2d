"""Certificates of management systems, as printed and as they fared."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from oversight.counting import facts
from oversight.models.recorded import CheckedRevision, Record, checked_constraints
from oversight.models.reference import CertificationBody
from oversight.models.unit import RegisteredUnit
from oversight.querysets import CheckedRevisionQuerySet, HeldQuerySet


class Certificate(Record):
    """A certificate by its number and body, as the revision in force prints them.

    `latest` is what was recorded last; `in_force` what holds: the latest verified
    revision, or the latest one while none was verified.
    """

    number = models.CharField(_("证书编号"), max_length=30)
    body = models.ForeignKey(
        CertificationBody, models.PROTECT, related_name="certificates"
    )
    latest = models.OneToOneField(
        "CertificateRevision", models.PROTECT, related_name="+"
    )
    in_force = models.OneToOneField(
        "CertificateRevision", models.PROTECT, related_name="+"
    )

    objects: ClassVar[HeldQuerySet] = HeldQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["number", "body"],
                condition=Q(is_standing=True),
                name="certificate_number_once_a_body",
            ),
            models.CheckConstraint(
                condition=~Q(number=""), name="certificate_has_a_number"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class CertificateRevision(CheckedRevision):
    """What was known of a certificate.

    `states` are {state, on, fraud, document} in the order they took effect;
    `state` is the last of them, valid when there is none.
    """

    class Standard(models.TextChoices):
        # A standard's designation is its name in every language.
        ENTERPRISE_2023 = (facts.Standard.ENTERPRISE_2023.value,) * 2
        ENTERPRISE_2013 = (facts.Standard.ENTERPRISE_2013.value,) * 2
        RESEARCH_2016 = (facts.Standard.RESEARCH_2016.value,) * 2
        UNIVERSITY_2016 = (facts.Standard.UNIVERSITY_2016.value,) * 2
        INNOVATION = (facts.Standard.INNOVATION.value,) * 2

    class Issue(models.TextChoices):
        INITIAL = facts.Issue.INITIAL.value, _("初次认证")
        RECERTIFICATION = facts.Issue.RECERTIFICATION.value, _("再认证")
        UPGRADE = facts.Issue.UPGRADE.value, _("换版")
        CHANGE_OF_BODY = facts.Issue.CHANGE_OF_BODY.value, _("更换认证机构")

    class State(models.TextChoices):
        VALID = facts.CertificateState.VALID.value, _("有效")
        SUSPENDED = facts.CertificateState.SUSPENDED.value, _("暂停")
        WITHDRAWN = facts.CertificateState.WITHDRAWN.value, _("撤销")
        CANCELLED = facts.CertificateState.CANCELLED.value, _("注销")

    content = (
        "number",
        "body_id",
        "holder_id",
        "group_holder",
        "standard",
        "issue",
        "scope",
        "first_issued_on",
        "issued_on",
        "expires_on",
        "states",
        "state",
    )

    record = models.ForeignKey(Certificate, models.PROTECT, related_name="revisions")
    number = models.CharField(max_length=30)
    body = models.ForeignKey(CertificationBody, models.PROTECT, related_name="+")
    holder = models.ForeignKey(
        RegisteredUnit, models.PROTECT, related_name="certificate_revisions"
    )
    group_holder = models.CharField(max_length=18, blank=True)
    standard = models.CharField(max_length=20, choices=Standard)
    issue = models.CharField(max_length=16, choices=Issue)
    scope = models.CharField(max_length=500, blank=True)
    first_issued_on = models.DateField()
    issued_on = models.DateField()
    expires_on = models.DateField()
    states = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.VALID)

    objects: ClassVar[CheckedRevisionQuerySet] = CheckedRevisionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            *checked_constraints("certificate_revision"),
            models.CheckConstraint(
                condition=Q(
                    issued_on__gte=F("first_issued_on"), expires_on__gte=F("issued_on")
                ),
                name="certificate_revision_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(
                    standard__in=[item.value for item in facts.Standard],
                    issue__in=[item.value for item in facts.Issue],
                    state__in=[item.value for item in facts.CertificateState],
                ),
                name="certificate_revision_words_are_known",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_on"], name="certificate_by_expiry"),
            models.Index(fields=["issued_on"], name="certificate_by_issue"),
            models.Index(fields=["recorded_at"], name="certificate_revision_by_time"),
            models.Index(
                fields=["recorded_at"],
                condition=Q(verification="pending"),
                name="certificate_awaiting",
            ),
        ]
