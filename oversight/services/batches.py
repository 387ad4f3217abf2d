"""How a batch of an import is found and held."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from backend.errors import Conflict, NotFound
from oversight.models import ImportBatch


class BatchMovedOn(Conflict):
    """The batch was applied or undone meanwhile; `extra["state"]` is its state."""

    code = "batch_moved_on"
    message = _("这批数据的情况已经变化，不能再这样办理。请查看最新情况。")


def locked_batch(batch_id: UUID, actor: User, state: str) -> ImportBatch:
    """Return a batch in a state, locked until the transaction ends.

    Raises NotFound or BatchMovedOn.
    """
    rows = ImportBatch.objects.visible_to(actor).select_for_update(of=("self",))
    batch: ImportBatch | None = rows.filter(pk=batch_id).first()
    if batch is None:
        raise NotFound
    if batch.state != state:
        raise BatchMovedOn(extra={"state": str(batch.state)})
    return batch
