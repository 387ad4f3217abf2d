"""Which clients are wanted: view, name, stage, responsible person, need."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import Membership
from frontend.components import Link
from reviews.models.coaching import Stage
from reviews.needs import Need
from reviews.workbench import Client

MINE, ALL = "mine", "all"
NOBODY, NOTHING = "nobody", "nothing"
STAGES = (*Stage.values, NOTHING)
NEEDS = (*Need.values, NOTHING)


@dataclass(frozen=True)
class Wanted:
    """What somebody asks the workbench for; an empty text means everything."""

    view: str
    name: str = ""
    stage: str = ""
    responsible: str = ""
    need: str = ""

    @property
    def is_filtered(self) -> bool:
        """Whether fewer clients are asked for than the view holds."""
        return bool(self.name or self.stage or self.responsible or self.need)

    @property
    def query(self) -> str:
        """The same choice as the query of an address."""
        pairs = {
            "view": self.view, "q": self.name, "stage": self.stage,
            "responsible": self.responsible, "need": self.need,
        }  # fmt: skip
        return urlencode({key: value for key, value in pairs.items() if value})


def wanted_of(
    data: QueryDict, membership: Membership, clients: Iterable[Client]
) -> Wanted:
    """Read a choice; what is not known counts as everything.

    Who has clients of their own starts with these, others and managers with all.
    """
    own = any(client.is_for(membership.user_id) for client in clients)
    usual = MINE if own and not membership.manages else ALL
    view = data.get("view", "")
    stage, need = data.get("stage", ""), data.get("need", "")
    return Wanted(
        view=view if view in (MINE, ALL) else usual,
        name=" ".join(data.get("q", "").split())[:60],
        stage=stage if stage in STAGES else "",
        responsible=data.get("responsible", "")[:40],
        need=need if need in NEEDS else "",
    )


def chosen(clients: Iterable[Client], wanted: Wanted, person: UUID) -> list[Client]:
    """Return the clients asked for, in the order given."""
    return [client for client in clients if _matches(client, wanted, person)]


def _matches(client: Client, wanted: Wanted, person: UUID) -> bool:
    return (
        (wanted.view == ALL or client.is_for(person))
        and wanted.name.casefold() in client.name.casefold()
        and (not wanted.stage or (client.stage or NOTHING) == wanted.stage)
        and (not wanted.responsible or _responsible(client) == wanted.responsible)
        and (not wanted.need or wanted.need in (client.needs or (NOTHING,)))
    )


def _responsible(client: Client) -> str:
    return str(client.responsible.person) if client.responsible else NOBODY


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
