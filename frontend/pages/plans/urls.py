"""Addresses of improvement plans and of the readiness to apply."""

from django.urls import path

from frontend.pages.plans import board, calendar, following, readiness, tasks

PLAN = "assessments/<uuid:assessment_id>/plan/"
TASK = f"{PLAN}tasks/<uuid:task_id>/"
READY = "assessments/<uuid:assessment_id>/readiness/"

urlpatterns = [
    path(PLAN, board.plan, name="plan"),
    path(f"{PLAN}history/", board.history, name="plan-history"),
    path(f"{PLAN}dates/", board.dates, name="plan-dates"),
    path(f"{PLAN}calendar/", calendar.calendar, name="plan-calendar"),
    path(f"{PLAN}calendar/file/", calendar.file, name="plan-calendar-file"),
    path(f"{PLAN}next/", following.following, name="plan-next"),
    path(f"{PLAN}tasks/", tasks.add, name="plan-task-add"),
    path(TASK, tasks.task, name="plan-task"),
    path(f"{TASK}state/", tasks.put, name="plan-task-state"),
    path(f"{TASK}comments/", tasks.say, name="plan-task-comment"),
    path(READY, readiness.readiness, name="readiness"),
    path(f"{READY}file/", readiness.export, name="readiness-file"),
    path(f"{READY}items/<str:item>/", readiness.prepare, name="readiness-item"),
]
