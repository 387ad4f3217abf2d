"""The workbench's choices in words: views, stages, people, needs."""

from collections import Counter
from collections.abc import Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from frontend.components import Link
from reviews.choosing import ALL, MINE, NOBODY, NOTHING, Wanted
from reviews.models.coaching import Stage
from reviews.needs import Need
from reviews.workbench import Client


def view_tabs(
    clients: list[Client], wanted: Wanted, person: UUID, path: str
) -> tuple[Link, ...]:
    """Return the two views with how many clients each holds."""
    mine = sum(client.is_for(person) for client in clients)
    return (
        Link(f"{path}?view={MINE}", _("我的客户"), wanted.view == MINE, str(mine)),
        Link(
            f"{path}?view={ALL}", _("全部客户"), wanted.view == ALL, str(len(clients))
        ),
    )


def need_choices(clients: Iterable[Client]) -> list[tuple[str, str]]:
    """Return the needs with how many clients have each."""
    counted = Counter(need for client in clients for need in client.needs)
    words = [(need.value, str(need.label), counted[need]) for need in Need]
    return [
        *(
            (value, _("%(need)s（%(number)s）") % {"need": label, "number": number})
            for value, label, number in words
        ),
        (NOTHING, _("今天没有事项")),
    ]


def stage_choices() -> list[tuple[str, str]]:
    """Return the stages, and that none is set."""
    known = [(stage.value, str(stage.label)) for stage in Stage]
    return [*known, (NOTHING, _("未设阶段"))]


def responsible_choices(clients: Iterable[Client]) -> list[tuple[str, str]]:
    """Return who is responsible for any of the clients, by name."""
    people = {
        str(client.responsible.person): client.responsible.name
        for client in clients
        if client.responsible
    }
    return [
        *sorted(people.items(), key=lambda pair: pair[1]),
        (NOBODY, _("未指定主办人")),
    ]
