"""One agency's review of one assessment: its marks and the history of both sides."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Mandate, Organisation
from assessments.models import Assessment
from reviews.querysets import ReviewEventQuerySet, ReviewMarkQuerySet, ReviewQuerySet

LEVELS = range(5)


class Review(models.Model):
    """Open until it is returned or accepted; then the database keeps it.

    A review of a sealed assessment is pinned to what was sealed. `opened_under` is
    the mandate of the beginning; each later act needs one that is in force then.
    """

    class State(models.TextChoices):
        OPEN = "open", _("评审中")
        RETURNED = "returned", _("已退回")
        ACCEPTED = "accepted", _("已认可")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    assessment = models.ForeignKey(Assessment, models.PROTECT, related_name="reviews")
    agency = models.ForeignKey(Organisation, models.PROTECT, related_name="reviews")
    opened_under = models.ForeignKey(Mandate, models.PROTECT, related_name="reviews")
    state = models.CharField(max_length=16, choices=State, default=State.OPEN)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=2000, blank=True)
    answers_sha256 = models.CharField(max_length=64, blank=True)
    record_sha256 = models.CharField(max_length=64, blank=True)

    mandate_id: uuid.UUID | None
    """Put in by `visible_to`: the mandate that opened the row, None for one's own."""

    objects: ClassVar[ReviewQuerySet] = ReviewQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "agency"],
                condition=Q(state="open"),
                name="review_one_open",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_by=None, closed_at=None)
                | Q(
                    state__in=["returned", "accepted"],
                    closed_by__isnull=False,
                    closed_at__isnull=False,
                ),
                name="review_closed_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(answers_sha256="", record_sha256="")
                | ~Q(answers_sha256="") & ~Q(record_sha256=""),
                name="review_pinned_to_both",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def is_open(self) -> bool:
        """Whether the agency still works on it."""
        return self.state == self.State.OPEN


class ReviewMark(models.Model):
    """What the agency thinks of one answer, at the revision it looked at.

    `revision` counts changes of the mark from 1. `suggested_level` is the level the
    agency would give, `na` what it thinks of “not applicable”.
    """

    class Verdict(models.TextChoices):
        AGREE = "agree", _("认可")
        PARTLY = "partly", _("部分认可")
        DISAGREE = "disagree", _("不认可")
        INSUFFICIENT = "evidence_insufficient", _("证据不足")

    class Na(models.TextChoices):
        CONFIRMED = "confirmed", _("确认不适用")
        REJECTED = "rejected", _("不认可不适用")

    review = models.ForeignKey(Review, models.PROTECT, related_name="marks")
    question = models.CharField(max_length=64)
    section = models.CharField(max_length=64)
    verdict = models.CharField(max_length=24, choices=Verdict)
    reason = models.CharField(max_length=2000, blank=True)
    suggested_level = models.PositiveSmallIntegerField(null=True)
    na = models.CharField(max_length=16, choices=Na, blank=True)
    answer_revision = models.PositiveIntegerField()
    revision = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar[ReviewMarkQuerySet] = ReviewMarkQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["review", "question"], name="review_mark_once"
            ),
            models.CheckConstraint(
                condition=Q(verdict="agree", suggested_level=None)
                | Q(verdict__in=["partly", "disagree", "evidence_insufficient"])
                & ~Q(reason=""),
                name="review_mark_says_why",
            ),
            models.CheckConstraint(
                condition=Q(suggested_level=None)
                | Q(suggested_level__in=list(LEVELS), na=""),
                name="review_mark_level",
            ),
            models.CheckConstraint(
                condition=Q(na="")
                | Q(na="confirmed", verdict="agree")
                | Q(na="rejected") & ~Q(verdict="agree"),
                name="review_mark_na",
            ),
            models.CheckConstraint(
                condition=Q(revision__gte=1), name="review_mark_revision"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} r{self.revision}"


class ReviewEvent(models.Model):
    """One thing that happened in a review; append-only.

    `before` and `after` hold what a mark said, `remark` names the thread. `section`
    is that of the question, empty where the whole is spoken of.
    """

    class Kind(models.TextChoices):
        OPENED = "opened", _("开始评审")
        MARKED = "marked", _("给出评审")
        UNMARKED = "unmarked", _("撤回评审")
        REMARKED = "remarked", _("提出意见")
        REPLIED = "replied", _("补充意见")
        ACCEPTED_REMARK = "accepted_remark", _("接受意见")
        ARGUED = "argued", _("说明不同看法")
        SETTLED = "settled", _("了结意见")
        RETURNED = "returned", _("退回")
        ACCEPTED = "accepted", _("认可")

    review = models.ForeignKey(Review, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=16, choices=Kind)
    question = models.CharField(max_length=64, blank=True)
    section = models.CharField(max_length=64, blank=True)
    remark = models.ForeignKey(
        "reviews.Remark", models.PROTECT, null=True, related_name="events"
    )
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar[ReviewEventQuerySet] = ReviewEventQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        indexes = [models.Index(fields=["review", "at"], name="review_event_by_review")]

    def __str__(self) -> str:
        return f"{self.kind} {self.review_id}"
