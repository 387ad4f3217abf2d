"""A bank on its way to a new version: the draft, what was done to it, who approved."""

import json
import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from question_bank.models.version import BankVersion
from question_bank.querysets import BankDraftQuerySet

OPEN_STATES = ("editing", "in_review")


class BankDraft(models.Model):
    """The source of a bank while experts work on it; one open draft a bank.

    `source` is JSON text, the plain data that `parse_bank` takes; `base` is the
    version it was opened from (None: a new bank). While it is in review its source
    does not change, and once published or discarded nothing of it does.
    """

    class State(models.TextChoices):
        EDITING = "editing", _("编辑中")
        IN_REVIEW = "in_review", _("待发布")
        PUBLISHED = "published", _("已发布")
        DISCARDED = "discarded", _("已放弃")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    bank = models.CharField(max_length=64)
    base = models.ForeignKey(
        BankVersion, models.PROTECT, null=True, related_name="drafts"
    )
    source = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=16, choices=State, default=State.EDITING)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField()
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    requested_at = models.DateTimeField(null=True)

    objects: ClassVar[BankDraftQuerySet] = BankDraftQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bank"],
                condition=Q(state__in=OPEN_STATES),
                name="bank_draft_one_open",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=("editing", "in_review", "published", "discarded")
                ),
                name="bank_draft_state_is_known",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("in_review", "published"))
                | Q(requested_by__isnull=False, requested_at__isnull=False),
                name="bank_draft_was_requested",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank} {self.state}"

    @property
    def is_editable(self) -> bool:
        """Whether the source may change now."""
        return self.state == self.State.EDITING

    @property
    def is_open(self) -> bool:
        """Whether the draft may still become a version."""
        return self.state in OPEN_STATES

    def data(self) -> dict[str, Any]:
        """Return the source as plain data, a new copy each time."""
        read: dict[str, Any] = json.loads(self.source)
        return read


class BankDraftEvent(models.Model):
    """One thing that was done to a draft; rows are only ever added.

    A change of several fields is one row a field. `before` and `after` are the
    field's text, structures as JSON; empty where there is nothing to compare.
    """

    class Action(models.TextChoices):
        OPENED = "opened", _("打开草稿")
        CHANGED = "changed", _("修改")
        ADDED = "added", _("新增")
        REMOVED = "removed", _("删除")
        MOVED = "moved", _("移动")
        IMPORTED = "imported", _("导入文件")
        REQUESTED = "requested", _("提请发布")
        RETURNED = "returned", _("退回修改")
        PUBLISHED = "published", _("发布")
        DISCARDED = "discarded", _("放弃草稿")

    draft = models.ForeignKey(BankDraft, models.PROTECT, related_name="events")
    revision = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    action = models.CharField(max_length=16, choices=Action)
    subject = models.CharField(max_length=16, blank=True)
    subject_id = models.CharField(max_length=64, blank=True)
    field = models.CharField(max_length=64, blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["draft", "-id"], name="bank_draft_event_by_draft"),
            models.Index(
                fields=["draft", "subject", "subject_id"],
                name="bank_draft_event_by_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject} {self.subject_id}"


class BankPublication(models.Model):
    """Who proposed and who approved a version: two people, and the database says so."""

    version = models.OneToOneField(
        BankVersion, models.PROTECT, related_name="publication"
    )
    draft = models.OneToOneField(BankDraft, models.PROTECT, related_name="publication")
    level = models.CharField(max_length=8)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(proposed_by=F("approved_by")),
                name="bank_publication_by_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.level}"
