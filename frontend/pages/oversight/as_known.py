"""The form that asks for another day: of the count, and of what was known."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from frontend.pages.workbench.forms import day_field

EARLIEST = date(2000, 1, 1)


class AsKnownForm(forms.Form):
    """Two days up to today; an empty one is today."""

    day = day_field(_("统计到哪一天"), required=False)
    known_on = day_field(_("按哪一天所知"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """Put today where nothing is said; refuse days nobody can know."""
        data = super().clean() or {}
        for name in ("day", "known_on"):
            value = data.get(name) or self.today
            if not EARLIEST <= value <= self.today:
                self.add_error(name, _("请填写 2000-01-01 至今天之间的日期。"))
            data[name] = value
        return data


@dataclass(frozen=True)
class AsKnown:
    """The day of a count and the day it is known on, with the form that asks."""

    day: date
    known_on: date
    today: date
    form: AsKnownForm

    @property
    def is_today(self) -> bool:
        """Whether it is what everybody sees today."""
        return self.day == self.known_on == self.today

    @property
    def query(self) -> str:
        """Return what links to the same days carry; empty for today."""
        days = {"day": self.day.isoformat(), "known_on": self.known_on.isoformat()}
        return "" if self.is_today else f"?{urlencode(days)}"


def as_known(request: HttpRequest) -> AsKnown:
    """Return the days asked for; days that cannot be are said in the form."""
    today = timezone.localdate()
    asked = {name: request.GET.get(name, "") for name in ("day", "known_on")}
    form = AsKnownForm(asked if any(asked.values()) else None, today=today)
    if not form.is_bound:
        return AsKnown(today, today, today, form)
    if not form.is_valid():
        return AsKnown(today, today, today, form)
    return AsKnown(form.cleaned_data["day"], form.cleaned_data["known_on"], today, form)
