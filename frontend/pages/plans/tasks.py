"""One task: what it says, where it stands, what was said about it."""

from dataclasses import replace
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.forms import show_problem
from assessments.evaluation import bank_of, local_date
from backend.errors import Invalid
from frontend.pages.answering.doors import answers_refusals, person, problem_text
from frontend.pages.plans.board import read_or_post
from frontend.pages.plans.doors import agency_id, frame, plan_and_hand, posted
from frontend.pages.plans.forms import CommentForm, DropForm, DueForm, TaskForm
from frontend.pages.plans.words import event_line, task_row
from frontend.templatetags.texts import localized
from reports.labels import Labels
from reviews.access import Hand, task_of
from reviews.models import ImprovementPlan, PlanTask
from reviews.plan_selectors import history_of
from reviews.rules import may_date, may_word, steps
from reviews.services import TaskContent, add_task, change_task, comment, put_task
from reviews.services.tasks import StepRefused, content_of


@login_required
@never_cache
@read_or_post
@answers_refusals
def add(request: HttpRequest, assessment_id: UUID) -> HttpResponse:
    """Add a task, or as an agency propose one."""
    plan, hand = plan_and_hand(request, assessment_id)
    form = TaskForm(posted(request), plan=plan, names_people=hand.is_member)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_task(
                assessment_id=assessment_id,
                content=form.content(),
                actor=person(request),
                at=timezone.now(),
            )
        except Invalid as error:
            show_problem(form, error)
        else:
            text = _("任务已添加。") if hand.is_member else _("已提议，等企业确认。")
            messages.success(request, text)
            return redirect("plan-task", assessment_id, made.pk)
    context = frame(plan, hand, title=_("添加任务")) | {"form": form}
    return render(request, "plans/add.html", context)


@login_required
@never_cache
@read_or_post
@answers_refusals
def task(request: HttpRequest, assessment_id: UUID, task_id: UUID) -> HttpResponse:
    """Show a task with everything said and done about it, or change it."""
    plan, hand = plan_and_hand(request, assessment_id)
    found = task_of(plan, task_id)
    form = _form(request, plan, hand, found)
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            change_task(
                assessment_id=assessment_id,
                task_id=task_id,
                content=_content(form, found),
                actor=person(request),
                at=timezone.now(),
            )
        except Invalid as error:
            assert form is not None  # noqa: S101  nothing typed, nothing wrong
            show_problem(form, error)
        else:
            messages.success(request, _("任务已保存。"))
            return redirect("plan-task", assessment_id, task_id)
    return _page(request, plan, hand, found, form=form)


def _form(
    request: HttpRequest, plan: ImprovementPlan, hand: Hand, found: PlanTask
) -> TaskForm | DueForm | None:
    """Return the form for what this hand may change; None for nothing."""
    data = posted(request)
    if may_word(found, agency_id(hand)):
        return TaskForm(data, plan=plan, task=found, names_people=hand.is_member)
    if may_date(found, agency_id(hand)):
        return DueForm(data, initial={"due_on": found.due_on})
    return None


def _content(form: TaskForm | DueForm | None, found: PlanTask) -> TaskContent:
    if isinstance(form, TaskForm):
        return form.content()
    content = content_of(found)
    if form is None:
        return content
    return replace(content, due_on=form.cleaned_data["due_on"])


def _page(
    request: HttpRequest,
    plan: ImprovementPlan,
    hand: Hand,
    found: PlanTask,
    **given: forms.Form | None,
) -> HttpResponse:
    bank = bank_of(plan.assessment)
    labels = Labels(bank)
    allowed = steps(found, agency_id(hand))
    context = frame(plan, hand, title=_("整改任务")) | {
        "task": found,
        "row": task_row(found, labels, local_date(timezone.now())),
        "question": labels.question(found.question) if found.question else None,
        "evidence": [localized(line) for line in found.evidence],
        "steps": _buttons(found, allowed),
        "drop": DropForm() if PlanTask.State.DROPPED in allowed else None,
        "comment": CommentForm(),
        "lines": [event_line(event) for event in history_of(plan, found)],
    }
    return render(request, "plans/task.html", context | given)


def _buttons(found: PlanTask, allowed: tuple[str, ...]) -> list[tuple[str, str]]:
    words = {
        PlanTask.State.DONE: _("标为已完成"),
        PlanTask.State.DOING: _("开始做"),
        PlanTask.State.OPEN: _("重新打开"),
    }
    if found.state == PlanTask.State.PROPOSED:
        words[PlanTask.State.OPEN] = _("接受这项提议")
    if found.state == PlanTask.State.DOING:
        words[PlanTask.State.OPEN] = _("改回未开始")
    return [(state, text) for state, text in words.items() if state in allowed]


@login_required
@require_POST
@answers_refusals
def put(request: HttpRequest, assessment_id: UUID, task_id: UUID) -> HttpResponse:
    """Put a task in another state."""
    try:
        put_task(
            assessment_id=assessment_id,
            task_id=task_id,
            state=request.POST.get("state", ""),
            reason=request.POST.get("reason", ""),
            actor=person(request),
            at=timezone.now(),
        )
    except (Invalid, StepRefused) as error:
        messages.error(request, problem_text(error))
        return redirect("plan-task", assessment_id, task_id)
    messages.success(request, _("任务状态已更改。"))
    if request.POST.get("then") == "plan":
        return redirect("plan", assessment_id)
    return redirect("plan-task", assessment_id, task_id)


@login_required
@require_POST
@answers_refusals
def say(request: HttpRequest, assessment_id: UUID, task_id: UUID) -> HttpResponse:
    """Add a comment to a task."""
    try:
        comment(
            assessment_id=assessment_id,
            task_id=task_id,
            text=request.POST.get("text", ""),
            actor=person(request),
            at=timezone.now(),
        )
    except Invalid as error:
        messages.error(request, problem_text(error))
    else:
        messages.success(request, _("意见已保存。"))
    return redirect("plan-task", assessment_id, task_id)
