"""Review, plan and workbench endpoints under /api/v1/."""

from django.urls import path

from reviews.api import plans, views, workbench

TASK = "assessments/<uuid:assessment_id>/plan/tasks/<uuid:task_id>/"

urlpatterns = [
    path(
        "assessments/<uuid:assessment_id>/reviews/",
        views.AssessmentReviews.as_view(),
        name="api-assessment-reviews",
    ),
    path("reviews/<uuid:review_id>/", views.ReviewDetail.as_view(), name="api-review"),
    path(
        "reviews/<uuid:review_id>/marks/<slug:question_id>/",
        views.ReviewMarkDetail.as_view(),
        name="api-review-mark",
    ),
    path(
        "reviews/<uuid:review_id>/remarks/",
        views.ReviewRemarks.as_view(),
        name="api-review-remarks",
    ),
    path(
        "reviews/<uuid:review_id>/return/",
        views.ReviewReturn.as_view(),
        name="api-review-return",
    ),
    path(
        "reviews/<uuid:review_id>/acceptance/",
        views.ReviewAcceptance.as_view(),
        name="api-review-acceptance",
    ),
    path("remarks/<uuid:remark_id>/", views.RemarkDetail.as_view(), name="api-remark"),
    path(
        "remarks/<uuid:remark_id>/messages/",
        views.RemarkMessages.as_view(),
        name="api-remark-messages",
    ),
    path(
        "assessments/<uuid:assessment_id>/plan/", plans.Plan.as_view(), name="api-plan"
    ),
    path(
        "assessments/<uuid:assessment_id>/plan/tasks/",
        plans.PlanTasks.as_view(),
        name="api-plan-tasks",
    ),
    path(TASK, plans.PlanTaskDetail.as_view(), name="api-plan-task"),
    path(f"{TASK}state/", plans.PlanTaskState.as_view(), name="api-plan-task-state"),
    path(
        f"{TASK}comments/",
        plans.PlanTaskComments.as_view(),
        name="api-plan-task-comments",
    ),
    path("clients/", workbench.Clients.as_view(), name="api-clients"),
]
