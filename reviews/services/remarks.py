"""The conversation: the agency remarks, the client accepts or argues."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation, User
from accounts.rules import Kind as Side
from backend.errors import Conflict
from reviews.history import Happening, note
from reviews.models import Remark, RemarkMessage, ReviewEvent
from reviews.opinions import said
from reviews.services.access import (
    lock_held,
    lock_remark,
    require_agency,
    require_client,
)

Kind, State = ReviewEvent.Kind, Remark.State


class RemarkSettled(Conflict):
    """The agency has settled the remark; nothing is added any more."""

    code = "remark_settled"
    message = _("这条意见已经了结，不能再补充。")


def add_remark(
    *, review_id: UUID, question_id: str, text: str, actor: User, at: datetime
) -> Remark:
    """Say something to the client about one question, or with "" about the whole.

    Raises NotFound, Forbidden, ReviewClosed or Invalid.
    """
    with transaction.atomic():
        held = lock_held(actor, review_id)
        section = held.question(question_id).section if question_id else ""
        text = said(text, field="text")
        remark = Remark.objects.create(
            review=held.review,
            question=question_id,
            section=section,
            opened_by=actor,
            opened_at=at,
        )
        _speak(remark, Kind.REMARKED, text, held.review.agency, actor, at)
    return remark


def accept_remark(
    *, remark_id: UUID, text: str = "", actor: User, at: datetime
) -> Remark:
    """As the client, agree with a remark. Raises as `argue_remark`."""
    return _answer(remark_id, State.ACCEPTED, Kind.ACCEPTED_REMARK, text, actor, at)


def argue_remark(*, remark_id: UUID, text: str, actor: User, at: datetime) -> Remark:
    """As the client, say why one sees it differently.

    Raises NotFound, Forbidden, RemarkSettled or Invalid.
    """
    return _answer(remark_id, State.ARGUED, Kind.ARGUED, text, actor, at)


def _answer(
    remark_id: UUID,
    state: Remark.State,
    kind: ReviewEvent.Kind,
    text: str,
    actor: User,
    at: datetime,
) -> Remark:
    with transaction.atomic():
        remark = lock_remark(actor, remark_id)
        require_client(actor, remark)
        text = said(text, field="text", required=state == State.ARGUED)
        _move(remark, state)
        _speak(remark, kind, text, remark.review.assessment.enterprise, actor, at)
    return remark


def reply_remark(*, remark_id: UUID, text: str, actor: User, at: datetime) -> Remark:
    """As the agency, add to a remark; the client is asked for an answer again.

    Raises NotFound, Forbidden, RemarkSettled or Invalid.
    """
    with transaction.atomic():
        remark = lock_remark(actor, remark_id)
        require_agency(remark)
        text = said(text, field="text")
        _move(remark, State.OPEN)
        _speak(remark, Kind.REPLIED, text, remark.review.agency, actor, at)
    return remark


def settle_remark(
    *, remark_id: UUID, text: str = "", actor: User, at: datetime
) -> Remark:
    """As the agency, close a remark: it has done its work.

    Raises NotFound, Forbidden, RemarkSettled or Invalid.
    """
    with transaction.atomic():
        remark = lock_remark(actor, remark_id)
        require_agency(remark)
        text = said(text, field="text", required=False)
        _move(remark, State.SETTLED)
        _speak(remark, Kind.SETTLED, text, remark.review.agency, actor, at)
    return remark


def _move(remark: Remark, state: Remark.State) -> None:
    if remark.state == State.SETTLED:
        raise RemarkSettled
    remark.state = state
    remark.save(update_fields=["state"])


def _speak(
    remark: Remark,
    kind: ReviewEvent.Kind,
    text: str,
    side: Organisation,
    actor: User,
    at: datetime,
) -> None:
    """Keep the message, if there is one, and the line of the history."""
    if text:
        RemarkMessage.objects.create(
            remark=remark, side=Side(side.kind), text=text, by=actor, at=at
        )
    what = Happening(
        kind, remark.question, remark.section, remark, after={"text": text}
    )
    note(remark.review, what, side=side, actor=actor, at=at)
