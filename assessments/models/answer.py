"""The current answers and the history of every change to them."""

from typing import Any

from django.conf import settings
from django.db import models

from assessments.models.assessment import Assessment


class AnswerContent(models.Model):
    """What a respondent said to one question.

    `state` and `value` are the engine's; `note` explains, `document` names the
    document that proves it (number, title, date). `revision` counts changes of this
    question's answer from 1.
    """

    class State(models.TextChoices):
        UNANSWERED = "unanswered"
        ANSWERED = "answered"
        NOT_APPLICABLE = "not_applicable"
        NOT_OCCURRED = "not_occurred"
        DONT_KNOW = "dont_know"

    question = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=State)
    value = models.JSONField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    note = models.CharField(max_length=2000, blank=True)
    document = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField()
    request_key = models.CharField(max_length=64, blank=True)

    class Meta:
        abstract = True

    def engine_json(self) -> dict[str, Any] | None:
        """Return the answer in the engine's JSON form, None when unanswered."""
        if self.state == self.State.UNANSWERED:
            return None
        if self.state == self.State.NOT_APPLICABLE:
            return {"state": self.state, "reason": self.reason}
        if self.state == self.State.DONT_KNOW:
            return {"state": self.state}
        return {"state": self.state, "value": self.value}


class Answer(AnswerContent):
    """The answer as it stands.

    `to_confirm` marks one that was carried from another assessment and that nobody
    has looked at yet; saving the answer or confirming it takes the mark away.
    """

    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, related_name="answers"
    )
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField()
    to_confirm = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question"], name="answer_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=AnswerContent.State.values),
                name="answer_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} r{self.revision}"


class AnswerEvent(AnswerContent):
    """One change of one answer; append-only."""

    assessment = models.ForeignKey(
        Assessment, on_delete=models.PROTECT, related_name="events"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "question", "revision"], name="answer_event_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question} r{self.revision}"
