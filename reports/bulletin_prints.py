"""Ask for the PDF of an issued bulletin, take it in hand, publish it or give it up."""

import logging
from datetime import datetime
from uuid import UUID

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from assessments.orphans import clear_orphans
from backend.errors import NotFound
from oversight.models import Bulletin
from reports.models import BulletinPrint
from reports.queue import Rendered, give_up, publish, take
from reports.selectors import NotReady

FOLDER = "bulletins"

logger = logging.getLogger(__name__)


def request_print(*, bulletin: Bulletin, at: datetime) -> BulletinPrint:
    """Return the print of an issued bulletin, asking for it if there is none.

    A failed one is asked for again. Issuing was audited; a print adds nothing to it.
    """
    if not bulletin.is_issued:
        raise NotReady(_("拟稿没有 PDF，签发后才生成。"))
    found, _is_new = BulletinPrint.objects.get_or_create(
        bulletin=bulletin, defaults={"requested_at": at}
    )
    revived = BulletinPrint.objects.filter(pk=found.pk, state="failed").update(
        state=BulletinPrint.State.PENDING, attempt=0, error="", lease_until=None
    )
    if revived:
        found.refresh_from_db()
    return found


def take_print(*, print_id: UUID, at: datetime) -> BulletinPrint | None:
    """Lease a print for one attempt; None when another has it or it is done."""
    if not take(BulletinPrint.objects.all(), print_id, at):
        return None
    found: BulletinPrint = BulletinPrint.objects.select_related("bulletin").get(
        pk=print_id
    )
    return found


def publish_print(*, printed: BulletinPrint, rendered: Rendered, at: datetime) -> bool:
    """Store the file and mark the print ready; False when the lease was lost."""
    rows = BulletinPrint.objects.all()
    return publish(rows, printed, rendered, at, folder=FOLDER)


def give_up_print(*, printed: BulletinPrint, error: str) -> None:
    """Let the attempt go: the sweep tries again while attempts are left."""
    give_up(BulletinPrint.objects.all(), printed, error)


def request_missing_prints(*, at: datetime) -> int:
    """Ask for the print of issued bulletins that have none; return how many.

    A process may die between the commit of an issue and its announcement.
    """
    missing = list(Bulletin.objects.issued().light().filter(print=None))
    for bulletin in missing:
        request_print(bulletin=bulletin, at=at)
    return len(missing)


def open_print(printed: BulletinPrint) -> "File[bytes]":
    """Return the stored PDF; NotReady while there is none, NotFound when it is lost."""
    if printed.state != BulletinPrint.State.READY:
        raise NotReady
    try:
        return default_storage.open(printed.key)
    except FileNotFoundError as error:
        raise NotFound(_("文件已丢失，请联系管理员。"), code="file_missing") from error


def clear_print_orphans(at: datetime) -> int:
    """Delete bulletin files without a row; return how many."""
    named = BulletinPrint.objects.exclude(key="").values_list("key", flat=True)
    return clear_orphans(FOLDER, named.iterator(), at)
