"""A review under way and an improvement plan for the demo's first enterprise."""

from datetime import datetime

from accounts.models import User
from assessments.models import Answer, Assessment
from reviews.opinions import Opinion
from reviews.services import (
    add_remark,
    argue_remark,
    make_plan,
    mark_question,
    open_review,
)

OPINIONS = {
    "ctx_env": Opinion("agree"),
    "sup_budget": Opinion("partly", "预算已单列，实际支出还查不到科目。", 2),
    "sup_training": Opinion("evidence_insufficient", "请补充参训人员签到和考核记录。"),
}
"""What the reviewer says of the first answers looked at, by question."""


def begin_review(
    assessment: Assessment, reviewer: User, owner: User, at: datetime
) -> None:
    """Let the reviewer begin and the owner answer; make the shared plan."""
    review = open_review(assessment_id=assessment.pk, actor=reviewer, at=at)
    answers = Answer.objects.filter(assessment=assessment, question__in=OPINIONS)
    for answer in answers:
        mark_question(
            review_id=review.pk,
            question_id=answer.question,
            opinion=OPINIONS[answer.question],
            revision=0,
            answer_revision=answer.revision,
            actor=reviewer,
            at=at,
        )
    add_remark(
        review_id=review.pk,
        question_id="",
        text="整体资料较完整，建议记录按部门归档后再核对一次。",
        actor=reviewer,
        at=at,
    )
    remark = add_remark(
        review_id=review.pk,
        question_id="sup_training",
        text="请补充本年度的培训签到表和考核记录。",
        actor=reviewer,
        at=at,
    )
    argue_remark(
        remark_id=remark.pk,
        text="签到表由人事部门保管，可以现场查看。",
        actor=owner,
        at=at,
    )
    make_plan(assessment_id=assessment.pk, actor=owner, at=at)
