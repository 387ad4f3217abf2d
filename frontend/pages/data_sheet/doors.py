"""What every door of the data sheet does first: who asks, for which year."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from accounts.rules import Kind
from accounts.selectors import home_membership
from assessments.data_sheet_changes import SheetChanges
from assessments.data_sheets import YearSheet, is_open_year, year_sheet
from assessments.evaluation import local_date
from assessments.models import DataSheet
from assessments.services import save_data_sheet
from frontend.components import Link
from frontend.pages.answering.doors import person
from frontend.templatetags.texts import localized
from question_bank.data_sheet import data_sheet_definition
from question_bank.engine.data_fields import FieldGroup

View = Callable[..., HttpResponseBase]


@dataclass(frozen=True)
class Desk:
    """Who works on which year's sheet, and when."""

    user: User
    enterprise: Organisation
    year: int
    at: datetime

    @property
    def today(self) -> date:
        """The day in Asia/Shanghai."""
        return local_date(self.at)

    @cached_property
    def found(self) -> YearSheet:
        """The sheet as it stands."""
        return year_sheet(self.user, self.enterprise, self.year, as_of=self.today)

    def save(self, changes: SheetChanges, revision: int | None) -> DataSheet:
        """Store changes; raises what the service raises."""
        return save_data_sheet(
            enterprise=self.enterprise,
            year=self.year,
            changes=changes,
            revision=revision,
            actor=self.user,
            at=self.at,
        )

    def url(self, name: str, *parts: str) -> str:
        """Return the address of a page of this year."""
        return reverse(name, args=(self.year, *parts))

    def crumbs(self, *more: Link) -> tuple[Link, ...]:
        """Return where a page lies."""
        year_words = _("%(year)s 年") % {"year": self.year}
        return (
            Link(reverse("home"), _("工作台")),
            Link(reverse("data-sheets"), _("企业数据表")),
            Link(self.url("data-sheet"), year_words),
            *more,
        )


def enterprise_of(request: HttpRequest) -> tuple[User, Organisation]:
    """Return the person and their enterprise; Http404 for anybody without one."""
    user = person(request)
    membership = home_membership(user)
    if membership is None or membership.organisation.kind != Kind.ENTERPRISE:
        raise Http404
    return user, membership.organisation


def year_door(view: View) -> View:
    """Hand the view a Desk instead of the year; Http404 for years that aren't open."""

    @wraps(view)
    @login_required
    def guarded(
        request: HttpRequest, year: int, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        user, enterprise = enterprise_of(request)
        desk = Desk(user, enterprise, year, timezone.now())
        if not is_open_year(year, desk.today) and not desk.found.row:
            raise Http404
        return view(request, desk, *args, **kwargs)

    return guarded


def sidebar(desk: Desk, current: str) -> list[Link]:
    """Return the groups and lists of the sheet with how far each is."""
    links = [
        Link(
            desk.url("data-sheet-group", group.id),
            localized(group.title),
            current=current == group.id,
            note=group_note(desk.found, group),
        )
        for group in data_sheet_definition().groups
    ]
    sheet = desk.found.sheet
    lists = (
        ("rights", _("知识产权清单"), len(sheet.rights)),
        ("vetoes", _("一票否决事项"), len(sheet.vetoes)),
    )
    for name, title, number in lists:
        url = desk.url(f"data-sheet-{name}")
        links.append(Link(url, title, current == name, str(number)))
    check = desk.url("data-sheet-check")
    return [*links, Link(check, _("检查并确认"), current == "check")]


def group_note(found: YearSheet, group: FieldGroup) -> str:
    """Return "5 / 12" for a group."""
    progress = found.progress(group)
    return f"{progress.done} / {progress.total}"


def posted_revision(request: HttpRequest) -> int | None:
    """Return the revision a form was made from, None when it says none."""
    text = request.POST.get("revision", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
