"""Legal units the registers speak of."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models.organisation import CREDIT_CODE_PATTERN
from oversight.models.recorded import Record, Revision, revision_constraints
from oversight.models.reference import ControllingGroup
from oversight.querysets import RevisionQuerySet, UnitQuerySet


class RegisteredUnit(Record):
    """A legal unit by its credit code; it need not use this service.

    An organisation with the same credit code is the same enterprise. `name`,
    `division` and `group` are what the latest revision says of today; the district
    is always recorded and never read from the code.
    """

    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    name = models.CharField(_("名称"), max_length=120)
    division = models.CharField(_("所在区市"), max_length=20, blank=True)
    group = models.ForeignKey(
        ControllingGroup, models.PROTECT, null=True, related_name="units"
    )
    latest = models.OneToOneField("UnitRevision", models.PROTECT, related_name="+")

    objects: ClassVar[UnitQuerySet] = UnitQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(credit_code__regex=CREDIT_CODE_PATTERN),
                name="registered_unit_code_is_well_formed",
            ),
            models.CheckConstraint(
                condition=~Q(name=""), name="registered_unit_has_a_name"
            ),
        ]
        indexes = [
            models.Index(fields=["division", "credit_code"], name="unit_by_division")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_enterprise(self) -> bool:
        """Whether the code is one of an enterprise (91)."""
        return self.credit_code.startswith("91")


class UnitRevision(Revision):
    """What was known of a unit.

    `former_names` are {name, until}; `presences` {division, since, until};
    `groups` {group, name, since, until, source}. Days are ISO texts or None;
    `until` is the first day it no longer held.
    """

    content = (
        "name",
        "former_names",
        "presences",
        "deregistered_on",
        "merged_into",
        "groups",
    )

    record = models.ForeignKey(RegisteredUnit, models.PROTECT, related_name="revisions")
    name = models.CharField(max_length=120)
    former_names = models.JSONField(default=list)
    presences = models.JSONField(default=list)
    deregistered_on = models.DateField(null=True)
    merged_into = models.CharField(max_length=18, blank=True)
    groups = models.JSONField(default=list)

    objects: ClassVar[RevisionQuerySet] = RevisionQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            *revision_constraints("unit_revision"),
            models.CheckConstraint(
                condition=Q(merged_into="") | Q(deregistered_on__isnull=False),
                name="unit_revision_merged_is_deregistered",
            ),
        ]
        indexes = [models.Index(fields=["recorded_at"], name="unit_revision_by_time")]
