"""Which clients are wanted: view, name, stage, responsible person, need."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from accounts.models import Membership
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
    data: Mapping[str, str], membership: Membership, clients: Iterable[Client]
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
