"""How far an agency's coaching of a client is, and who of the agency does it."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from reviews.coaching_querysets import CoachingProjectQuerySet, ProjectEventQuerySet


class Stage(models.TextChoices):
    """The way from the first look to the certificate, in order."""

    DIAGNOSIS = "diagnosis", _("诊断")
    PLANNING = "planning", _("策划")
    DOCUMENTS = "documents", _("文件编制")
    RUN = "run", _("运行")
    INTERNAL_AUDIT = "internal_audit", _("内审")
    MANAGEMENT_REVIEW = "management_review", _("管理评审")
    APPLICATION = "application", _("认证申请")
    AUDIT = "audit", _("认证审核")
    CERTIFICATE = "certificate", _("获证")


class CoachingProject(models.Model):
    """What an agency notes about one client: the stage, the dates, the team.

    The agency's own record; it is shown only while a mandate is in force.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    enterprise = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    stage = models.CharField(max_length=20, choices=Stage, default=Stage.DIAGNOSIS)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects: ClassVar[CoachingProjectQuerySet] = CoachingProjectQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "enterprise"], name="coaching_project_once"
            ),
            models.CheckConstraint(
                condition=Q(stage__in=Stage.values), name="coaching_stage_is_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class ProjectStage(models.Model):
    """One stage of a project: until when it is planned, when it was reached."""

    project = models.ForeignKey(CoachingProject, models.PROTECT, related_name="stages")
    stage = models.CharField(max_length=20, choices=Stage)
    due_on = models.DateField(null=True)
    reached_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "stage"], name="project_stage_once"
            ),
        ]

    def __str__(self) -> str:
        return self.stage


class ProjectEvent(models.Model):
    """One thing the agency did with a project; append-only."""

    class Kind(models.TextChoices):
        STAGE = "stage", _("进入阶段")
        DATES = "dates", _("调整日期")
        TEAM = "team", _("调整分工")
        HANDOVER = "handover", _("交接")

    project = models.ForeignKey(CoachingProject, models.PROTECT, related_name="events")
    kind = models.CharField(max_length=16, choices=Kind)
    stage = models.CharField(max_length=20, choices=Stage)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    objects: ClassVar[ProjectEventQuerySet] = ProjectEventQuerySet.as_manager()  # type: ignore[assignment]

    def __str__(self) -> str:
        return f"{self.kind} {self.stage}"


class ClientAssignment(models.Model):
    """Who of the agency is responsible for a client, and who helps.

    It narrows what one's workbench shows first; it is no right: the mandate is
    the agency's.
    """

    class Part(models.TextChoices):
        RESPONSIBLE = "responsible", _("主办")
        HELPER = "helper", _("协办")

    project = models.ForeignKey(
        CoachingProject, models.PROTECT, related_name="assignments"
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+"
    )
    part = models.CharField(max_length=12, choices=Part)
    since = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["project", "person"], name="assignment_once"
            ),
            models.UniqueConstraint(
                fields=["project"],
                condition=Q(part="responsible"),
                name="assignment_one_responsible",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.person_id}"


class ClientVisit(models.Model):
    """When a person last looked at a client.

    `seen_at` counts every page about the client. `listed_at` is when the list of
    what changed was last shown, `listed_before` when it was at the visit before
    this one: what came later is new until the visit is over.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+"
    )
    enterprise = models.ForeignKey(Organisation, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    listed_at = models.DateTimeField(null=True)
    listed_before = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "enterprise"], name="client_visit_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.seen_at:%Y-%m-%d}"
