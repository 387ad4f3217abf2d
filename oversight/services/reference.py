"""Keep the lists of certification bodies, controlling groups and title names."""

import re
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.audit import record as audit
from accounts.models import User
from backend.errors import NotFound
from oversight.faults import Fault, InvalidEntry, refuse
from oversight.models import CertificationBody, ControllingGroup, TitleEquivalence
from oversight.models.reference import APPROVAL_PATTERN
from oversight.services.recording import require_keeper


def keep_body(
    *, body_id: UUID | None = None, name: str, approval_number: str, is_active: bool,
    actor: User | None, at: datetime,
) -> CertificationBody:  # fmt: skip
    """Add a certification body, or change one; `body_id` None adds.

    Raises Forbidden, NotFound or InvalidEntry.
    """
    require_keeper(actor)
    name, approval_number = _line(name), _line(approval_number).upper()
    if not name:
        raise InvalidEntry([Fault("name", _("请填写认证机构名称。"))])
    if approval_number and not re.fullmatch(APPROVAL_PATTERN, approval_number):
        text = _("批准号写作 CNCA-R-2014-165，外资机构写作 CNCA-RF-2014-165。")
        raise InvalidEntry([Fault("approval_number", text)])
    body = _existing_body(body_id) or CertificationBody(created_at=at)
    body.name, body.approval_number = name, approval_number
    body.is_active = is_active
    try:
        with transaction.atomic():
            body.save()
            _audit("body.kept", body, actor, at)
    except IntegrityError as error:
        text = _("名录中已有同名机构或同一批准号。")
        raise InvalidEntry([Fault("name", text)]) from error
    return body


def keep_group(*, name: str, actor: User | None, at: datetime) -> ControllingGroup:
    """Return the controlling group of a name, adding it when it is new.

    Raises Forbidden or InvalidEntry.
    """
    require_keeper(actor)
    if not (name := _line(name)):
        raise InvalidEntry([Fault("name", _("请填写集团名称。"))])
    with transaction.atomic():
        group, is_new = ControllingGroup.objects.get_or_create(
            name=name, defaults={"created_at": at}
        )
        if is_new:
            _audit("group.kept", group, actor, at)
    return group


def keep_equivalence(
    *, name: str, counts_as: str, source: str, actor: User | None, at: datetime
) -> TitleEquivalence:
    """Say what a title of another name counts as; the latest word holds.

    Raises Forbidden or InvalidEntry.
    """
    require_keeper(actor)
    name, source = _line(name), _line(source)
    faults = []
    if not name:
        faults.append(Fault("name", _("请按文件写明称号的全称。")))
    if counts_as not in TitleEquivalence.CountsAs.values:
        faults.append(Fault("counts_as", _("请从列表中选择。")))
    if not source:
        faults.append(Fault("source", _("请写明依据的文件。")))
    refuse(faults)
    with transaction.atomic():
        row = TitleEquivalence.objects.create(
            name=name,
            counts_as=counts_as,
            source=source,
            created_at=at,
            recorded_by=actor,
        )
        _audit("equivalence.kept", row, actor, at)
    return row


def _existing_body(body_id: UUID | None) -> CertificationBody | None:
    if body_id is None:
        return None
    found: CertificationBody | None = CertificationBody.objects.filter(
        pk=body_id
    ).first()
    if found is None:
        raise NotFound
    return found


def _line(text: str) -> str:
    return " ".join(text.split())


def _audit(
    action: str,
    subject: CertificationBody | ControllingGroup | TitleEquivalence,
    actor: User | None,
    at: datetime,
) -> None:
    audit(action=action, actor=actor, organisation=None, subject=subject, at=at)
