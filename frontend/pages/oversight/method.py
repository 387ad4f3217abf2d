"""How it is counted and how answers stay secret, in plain words."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from frontend.pages.oversight.doors import reading_door
from frontend.pages.oversight.sections import section_tabs
from oversight.dashboard import current_plan


@reading_door
def method(request: HttpRequest) -> HttpResponse:
    """Show the page on methods."""
    plan = current_plan(timezone.localdate())
    context = {"plan": plan, "tabs": section_tabs("oversight-method", plan)}
    return render(request, "oversight/method.html", context)
