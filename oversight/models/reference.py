"""Lists the bureau keeps: certification bodies, groups and names of titles."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oversight.counting.facts import Title as Fact
from oversight.querysets import KeptQuerySet

APPROVAL_PATTERN = r"^CNCA-RF?-[0-9]{4}-[0-9]{2,4}$"


class CertificationBody(models.Model):
    """Who issues certificates, with the number of its approval by CNCA."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("认证机构名称"), max_length=120, unique=True)
    approval_number = models.CharField(
        _("批准号"), max_length=20, blank=True, help_text="CNCA-R-2014-165"
    )
    is_active = models.BooleanField(_("仍在发证"), default=True)
    created_at = models.DateTimeField()

    objects: ClassVar[KeptQuerySet] = KeptQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""), name="certification_body_has_a_name"
            ),
            models.UniqueConstraint(
                fields=["approval_number"],
                condition=~Q(approval_number=""),
                name="certification_body_approval_once",
            ),
            models.CheckConstraint(
                condition=Q(approval_number="")
                | Q(approval_number__regex=APPROVAL_PATTERN),
                name="certification_body_approval_form",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ControllingGroup(models.Model):
    """Units under one control; statistics treat them as one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("集团名称"), max_length=120, unique=True)
    created_at = models.DateTimeField()

    objects: ClassVar[KeptQuerySet] = KeptQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(name=""), name="controlling_group_has_a_name"
            )
        ]

    def __str__(self) -> str:
        return self.name


class TitleEquivalence(models.Model):
    """What a title of another name counts as; the latest row of a name holds.

    Rows are only added, so that the list can be read as it was on any day.
    """

    class CountsAs(models.TextChoices):
        ADVANTAGE = Fact.ADVANTAGE.value, _("计为优势企业")
        DEMONSTRATION = Fact.DEMONSTRATION.value, _("计为示范企业")
        OTHER = Fact.OTHER.value, _("不计")

    name = models.CharField(_("称号名称"), max_length=120)
    counts_as = models.CharField(_("计为"), max_length=16, choices=CountsAs)
    source = models.CharField(_("依据"), max_length=200)
    created_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects: ClassVar[KeptQuerySet] = KeptQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(name="") & ~Q(source=""),
                name="title_equivalence_has_a_source",
            ),
            models.CheckConstraint(
                condition=Q(counts_as__in=["advantage", "demonstration", "other"]),
                name="title_equivalence_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["name", "-id"], name="title_equivalence_by_name")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.counts_as}"
