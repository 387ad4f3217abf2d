"""What every record of a register is made of: an identity and its revisions."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from oversight.counting.facts import Verification as Fact
from oversight.models.batch import ImportBatch


class Change(models.TextChoices):
    """What a revision did."""

    ENTERED = "entered", _("录入")
    CORRECTED = "corrected", _("更正")
    CHANGED = "changed", _("登记变化")
    VERIFIED = "verified", _("核实")
    REJECTED = "rejected", _("退回")
    VOIDED = "voided", _("已撤下")
    UNDONE = "undone", _("撤销导入")


class Via(models.TextChoices):
    """The door a revision came through."""

    FORM = "form", _("页面录入")
    WORKBOOK = "workbook", _("表格导入")
    ENTERPRISE = "enterprise", _("企业报送")
    API = "api", _("接口")
    COMMAND = "command", _("系统命令")


class Verification(models.TextChoices):
    """Whether somebody of the bureau checked a revision against its source."""

    PENDING = Fact.PENDING.value, _("待核")
    VERIFIED = Fact.VERIFIED.value, _("已核实")
    REJECTED = Fact.REJECTED.value, _("已退回")


class Revision(models.Model):
    """One state of a record, whole; rows are only ever added.

    `recorded_at` says since when the service knew it. `source` names the document
    or register it was taken from, `reason` why it differs from the one before.
    `recorded_by` is None when a command recorded it. A void revision takes the
    record out: from then on it is no fact.
    """

    content: ClassVar[tuple[str, ...]]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    seq = models.PositiveIntegerField()
    change = models.CharField(max_length=12, choices=Change)
    via = models.CharField(max_length=12, choices=Via)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    source = models.CharField(_("来源"), max_length=200, blank=True)
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    is_void = models.BooleanField(default=False)
    batch = models.ForeignKey(
        ImportBatch, models.PROTECT, null=True, related_name="%(class)ss"
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.seq} {self.change}"

    def contents(self) -> dict[str, Any]:
        """Return what this revision says, without who said it and when."""
        return {name: getattr(self, name) for name in self.content}


class CheckedRevision(Revision):
    """A revision that holds once a second official has verified it."""

    verification = models.CharField(max_length=10, choices=Verification)

    class Meta:
        abstract = True

    @property
    def is_pending(self) -> bool:
        """Whether somebody has still to check it."""
        return self.verification == Verification.PENDING


class Record(models.Model):
    """The identity of a record; what it says is in its revisions.

    Standing unless it was taken out or, before anybody verified it, sent back.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField()
    is_standing = models.BooleanField(default=True)

    class Meta:
        abstract = True


def revision_constraints(table: str) -> list[models.BaseConstraint]:
    """Return what holds for the revisions of every register."""
    return [
        models.UniqueConstraint(fields=["record", "seq"], name=f"{table}_seq_once"),
        models.CheckConstraint(condition=Q(seq__gte=1), name=f"{table}_seq_from_one"),
        models.CheckConstraint(
            condition=Q(change__in=Change.values, via__in=Via.values),
            name=f"{table}_change_is_known",
        ),
    ]


def checked_constraints(table: str) -> list[models.BaseConstraint]:
    """Return what holds for revisions that are verified."""
    return [
        *revision_constraints(table),
        models.CheckConstraint(
            condition=Q(verification__in=Verification.values),
            name=f"{table}_verification_is_known",
        ),
        models.CheckConstraint(
            condition=~Q(verification="rejected") | ~Q(reason=""),
            name=f"{table}_rejected_with_reason",
        ),
    ]
