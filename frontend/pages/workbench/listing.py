"""The list of clients, grouped by what they need today."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from frontend.components import Tone
from frontend.pages.mandates.forms import last_day
from frontend.pages.mandates.words import purpose_words
from frontend.pages.workbench.choosing import (
    need_choices,
    responsible_choices,
    stage_choices,
    view_tabs,
)
from frontend.templatetags.texts import short_date
from reviews.choosing import chosen, wanted_of
from reviews.needs import Need
from reviews.workbench import Client, clients_of

CLIENTS_A_PAGE = 40
TONES: dict[Need, Tone] = {
    Need.SUBMISSION: "blue",
    Need.ANSWERED: "blue",
    Need.CHANGED: "blue",
    Need.DEADLINE: "red",
    Need.ENDING: "amber",
    Need.SURVEILLANCE: "amber",
    Need.IDLE: "plain",
}


@dataclass(frozen=True)
class NeedWords:
    """A need as a tag, with the date it comes from."""

    label: str
    tone: Tone
    when: str


@dataclass(frozen=True)
class ClientLine:
    """One client in words."""

    client: Client
    purpose: str
    needs: tuple[NeedWords, ...]
    helpers: str
    ends_on: str
    stands_in: bool


@dataclass(frozen=True)
class Group:
    """The clients with the same most urgent need."""

    title: str
    lines: tuple[ClientLine, ...]


def workbench(request: HttpRequest, user: User, membership: Membership) -> HttpResponse:
    """Show the clients somebody asks for, the most urgent first."""
    clients = clients_of(user, at=timezone.now())
    wanted = wanted_of(request.GET, membership, clients)
    found = chosen(clients, wanted, user.pk)
    page = Paginator(found, CLIENTS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "membership": membership,
        "wanted": wanted,
        "tabs": view_tabs(clients, wanted, user.pk, request.path),
        "any_client": bool(clients),
        "page_obj": page,
        "groups": tuple(groups(page, user.pk)),
        "choices": (
            ("need", _("今天要办"), need_choices(clients), wanted.need),
            ("stage", _("阶段"), stage_choices(), wanted.stage),
            (
                "responsible",
                _("主办人"),
                responsible_choices(clients),
                wanted.responsible,
            ),
        ),
    }
    return render(request, "home/agency.html", context)


def groups(clients: Iterable[Client], person: UUID) -> Iterable[Group]:
    """Yield the clients by their most urgent need; they come in that order."""
    for need, found in groupby(clients, key=lambda client: client.need):
        title = str(need.label) if need else _("今天没有事项")
        yield Group(title, tuple(_line(client, person) for client in found))


def _line(client: Client, person: UUID) -> ClientLine:
    return ClientLine(
        client=client,
        purpose=purpose_words(client.mandate),
        needs=tuple(_words(need, client) for need in client.needs),
        helpers=_("、").join(worker.name for worker in client.helpers),
        ends_on=short_date(last_day(client.dates.ends_at)),
        stands_in=client.stands_in(person),
    )


def _words(need: Need, client: Client) -> NeedWords:
    dates = client.dates
    when = {
        Need.SUBMISSION: dates.submitted_at,
        Need.ANSWERED: dates.answered_at,
        Need.CHANGED: dates.changed_at,
        Need.DEADLINE: dates.stage_due,
        Need.ENDING: last_day(dates.ends_at),
        Need.SURVEILLANCE: client.next_audit,
        Need.IDLE: dates.active_at,
    }[need]
    return NeedWords(str(need.label), TONES[need], short_date(when))
