"""What the doors of plans do first: which plan, and as whom one works on it."""

from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from frontend.components import Link
from frontend.pages.answering.doors import person
from reviews.access import Hand, get_plan, hand_of
from reviews.checklist import checklist
from reviews.models import ImprovementPlan


def plan_and_hand(
    request: HttpRequest, assessment_id: UUID
) -> tuple[ImprovementPlan, Hand]:
    """Return the plan and whose hand the person is; NotFound when not visible."""
    plan = get_plan(person(request), assessment_id)
    return plan, hand_of(person(request), plan)


def frame(
    plan: ImprovementPlan, hand: Hand, name: str = "", title: str = ""
) -> dict[str, object]:
    """Return what every page of a plan shows around its content.

    `name` is the URL name of a page with a tab; one without has a `title`.
    """
    pk = plan.pk
    tabs = [
        ("plan", _("任务表")),
        ("plan-calendar", _("日历")),
        ("readiness", _("申请准备")),
        ("plan-history", _("历史")),
    ]
    if not checklist(plan.assessment.bank_version.bank):
        tabs = [tab for tab in tabs if tab[0] != "readiness"]
    return {
        "plan": plan,
        "hand": hand,
        "enterprise": plan.assessment.enterprise,
        "tabs": tuple(
            Link(reverse(tab, args=[pk]), text, current=tab == name)
            for tab, text in tabs
        ),
        "crumbs": (
            *way_to(pk),
            Link(reverse("plan", args=[pk]), _("整改计划"), current=name == "plan"),
            *_place(name, title or dict(tabs).get(name, "")),
        ),
    }


def way_to(assessment_id: UUID) -> tuple[Link, Link]:
    """Return the way to an assessment's plan."""
    return (
        Link(reverse("home"), _("工作台")),
        Link(reverse("result", args=[assessment_id]), _("自评结果")),
    )


def _place(name: str, title: str) -> tuple[Link, ...]:
    return () if name == "plan" else (Link("", title, current=True),)


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what was sent with a form, None while it is only looked at."""
    return request.POST if request.method == "POST" else None


def agency_id(hand: Hand) -> UUID | None:
    """Return the agency the person works for, None for a member."""
    return hand.agency.pk if hand.agency else None
