"""The improvement plan of a sealed assessment: what is done until the next one."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from assessments.models import Assessment, Evidence
from reviews.plan_querysets import PlanQuerySet, PlanTaskQuerySet


class ImprovementPlan(models.Model):
    """One plan a sealed assessment; its enterprise and a mandated agency share it.

    `start_on` is the day from which the calendar counts. The dates of the run
    clock are what the enterprise says today: the sealed answers stay as they were.
    """

    class State(models.TextChoices):
        RUNNING = "running", _("执行中")
        FOLLOWED = "followed", _("已开始下一次自评")

    assessment = models.OneToOneField(
        Assessment, models.PROTECT, primary_key=True, related_name="improvement_plan"
    )
    state = models.CharField(max_length=16, choices=State, default=State.RUNNING)
    start_on = models.DateField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField()
    system_start_on = models.DateField(null=True)
    audit_on = models.DateField(null=True)
    review_on = models.DateField(null=True)
    applied_on = models.DateField(null=True)
    next_assessment = models.OneToOneField(
        Assessment, models.PROTECT, null=True, related_name="plan_before"
    )

    mandate_id: uuid.UUID | None
    """Put in by `visible_to`: the mandate that opened the row, None for one's own."""

    objects: ClassVar[PlanQuerySet] = PlanQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="running", next_assessment=None)
                | Q(state="followed", next_assessment__isnull=False),
                name="plan_followed_by_one",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class PlanTask(models.Model):
    """One thing to do. `text` and the lines of `evidence` are words by language, as
    the bank has them, or a string as somebody typed it.

    A task that an agency proposed counts only after a member accepted it. `question`
    is empty for what the plan's authors thought of themselves. `told_soon` and
    `told_late` hold the due date that was reminded of.
    """

    class Kind(models.TextChoices):
        GATE = "gate", _("申请前提")
        GAP = "gap", _("补差距")
        PROOF = "proof", _("补证据")
        OWN = "own", _("自行添加")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("待企业确认")
        OPEN = "open", _("未开始")
        DOING = "doing", _("进行中")
        DONE = "done", _("已完成")
        DROPPED = "dropped", _("不再做")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(ImprovementPlan, models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=8, choices=Kind)
    question = models.CharField(max_length=64, blank=True)
    text = models.JSONField()
    clause = models.CharField(max_length=64, blank=True)
    department = models.CharField(max_length=64, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    owner_name = models.CharField(max_length=64, blank=True)
    due_on = models.DateField(null=True)
    evidence = models.JSONField(default=list)
    effort = models.CharField(max_length=4, blank=True)
    days = models.PositiveIntegerField(default=0)
    essential = models.BooleanField(default=False)
    state = models.CharField(max_length=16, choices=State)
    reason = models.CharField(max_length=200, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True)
    proposed_by = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+"
    )
    position = models.PositiveIntegerField()
    told_soon = models.DateField(null=True)
    told_late = models.DateField(null=True)

    objects: ClassVar[PlanTaskQuerySet] = PlanTaskQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "position"], name="plan_task_position"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "open", "doing", "done", "dropped"]),
                name="plan_task_state",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_by__isnull=False, done_at__isnull=False)
                | ~Q(state="done") & Q(done_by=None, done_at=None),
                name="plan_task_done_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(reason=""),
                name="plan_task_dropped_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="proposed") | Q(proposed_by__isnull=False),
                name="plan_task_proposed_by_agency",
            ),
        ]
        indexes = [models.Index(fields=["state", "due_on"], name="plan_task_due")]

    def __str__(self) -> str:
        return str(self.id)


class ReadinessItem(models.Model):
    """Where one item of the application checklist stands; no row means missing."""

    class State(models.TextChoices):
        MISSING = "missing", _("缺")
        WORKING = "working", _("准备中")
        READY = "ready", _("已备齐")
        NOT_APPLICABLE = "not_applicable", _("不适用")

    plan = models.ForeignKey(ImprovementPlan, models.PROTECT, related_name="readiness")
    item = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=State)
    reason = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)
    files = models.ManyToManyField(Evidence, related_name="+")
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "item"], name="readiness_item_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["missing", "working", "ready"])
                | Q(state="not_applicable") & ~Q(reason=""),
                name="readiness_not_applicable_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.item


class PlanEvent(models.Model):
    """One thing somebody did to a plan; append-only, read by both sides.

    `agency` is whom the actor acted for, None for the enterprise's own members.
    `changes` holds [old, new] by field; `text` what was said.
    """

    class Kind(models.TextChoices):
        MADE = "made", _("制定计划")
        ADDED = "added", _("添加任务")
        PROPOSED = "proposed", _("提议任务")
        CHANGED = "changed", _("修改任务")
        MOVED = "moved", _("更改状态")
        COMMENTED = "commented", _("评论")
        DATED = "dated", _("更改运行日期")
        PREPARED = "prepared", _("更新申请材料")
        FOLLOWED = "followed", _("开始下一次自评")

    plan = models.ForeignKey(ImprovementPlan, models.PROTECT, related_name="events")
    task = models.ForeignKey(PlanTask, models.PROTECT, null=True, related_name="events")
    kind = models.CharField(max_length=16, choices=Kind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    agency = models.ForeignKey(
        Organisation, models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    changes = models.JSONField(default=dict)
    text = models.CharField(max_length=1000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="commented") | ~Q(text=""),
                name="plan_comment_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.plan_id}"
