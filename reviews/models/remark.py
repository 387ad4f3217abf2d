"""Remarks: what the agency says to its client, and what the client answers."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.rules import Kind
from reviews.models.review import Review
from reviews.querysets import RemarkQuerySet


class Remark(models.Model):
    """A thread about one question, or with an empty `question` about the whole.

    The client accepts or argues, the agency replies and settles.
    """

    class State(models.TextChoices):
        OPEN = "open", _("待答复")
        ACCEPTED = "accepted", _("企业已接受")
        ARGUED = "argued", _("企业有不同看法")
        SETTLED = "settled", _("已了结")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(Review, models.PROTECT, related_name="remarks")
    question = models.CharField(max_length=64, blank=True)
    section = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=16, choices=State, default=State.OPEN)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    opened_at = models.DateTimeField()

    mandate_id: uuid.UUID | None
    """Put in by `visible_to`: the mandate that opened the row, None for one's own."""

    objects: ClassVar[RemarkQuerySet] = RemarkQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["open", "accepted", "argued", "settled"]),
                name="remark_state",
            ),
            models.CheckConstraint(
                condition=Q(question="", section="") | ~Q(question="") & ~Q(section=""),
                name="remark_question_has_section",
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class RemarkMessage(models.Model):
    """One message of a thread; append-only. `side` is who speaks."""

    remark = models.ForeignKey(Remark, models.PROTECT, related_name="messages")
    side = models.CharField(
        max_length=16,
        choices=[(kind.value, kind.label) for kind in (Kind.AGENCY, Kind.ENTERPRISE)],
    )
    text = models.CharField(max_length=2000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(side__in=["agency", "enterprise"]) & ~Q(text=""),
                name="remark_message_says_something",
            )
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.at}"
