"""Enter certificates, correct them and record what becomes of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.credit_code import normalise
from accounts.models import User
from assessments.local_day import local_date
from oversight.certificate_checks import certificate_faults
from oversight.counting.facts import CertificateState, Issue, Standard, StateChange
from oversight.entries import CertificateEntry, Holder
from oversight.faults import Fault, InvalidEntry, refuse
from oversight.models import (
    Certificate,
    CertificateRevision,
    CertificationBody,
    Change,
    RegisteredUnit,
    Via,
)
from oversight.services.recording import (
    NotStanding,
    Origin,
    base_of,
    first_revision,
    lock_record,
    next_revision,
    note,
    require_keeper,
    save_first,
    save_next,
)
from oversight.services.units import ensure_holder
from oversight.stored import states_from, states_json


class DuplicateCertificate(InvalidEntry):
    """The body issued a certificate with this number already."""

    code = "duplicate_certificate"

    def __init__(self) -> None:
        message = _("登记库中已有同一认证机构的这个证书编号，请先查找。")
        super().__init__([Fault("number", message)])


def enter_certificate(
    *, entry: CertificateEntry, source: str, via: Via, actor: User | None, at: datetime
) -> Certificate:
    """Enter a certificate; it counts once a second official has verified it.

    Raises Forbidden, InvalidEntry or DuplicateCertificate.
    """
    require_keeper(actor)
    origin = Origin(actor, at, via, source)
    with transaction.atomic():
        certificate = begin_certificate(entry, origin)
        note("certificate.entered", certificate, origin)
    return certificate


def correct_certificate(
    *, certificate_id: UUID, seq: int, entry: CertificateEntry, source: str,
    reason: str, via: Via, actor: User | None, at: datetime,
) -> Certificate:  # fmt: skip
    """Record what the certificate really says; waits beside what was verified.

    Raises Forbidden, NotFound, StaleRecord, NotStanding, InvalidEntry or
    DuplicateCertificate.
    """
    require_keeper(actor)
    origin = Origin(actor, at, via, source, reason)
    with transaction.atomic():
        certificate = lock_record(Certificate, certificate_id, seq=seq, actor=actor)
        revise_certificate(certificate, entry, Change.CORRECTED, origin)
        note("certificate.corrected", certificate, origin)
    return certificate


def change_certificate_state(
    *, certificate_id: UUID, seq: int, change: StateChange, source: str,
    via: Via, actor: User | None, at: datetime,
) -> Certificate:  # fmt: skip
    """Record that a certificate was suspended, withdrawn, cancelled or resumed.

    Raises what correcting it raises.
    """
    require_keeper(actor)
    origin = Origin(actor, at, via, source, change.document or source)
    with transaction.atomic():
        certificate = lock_record(Certificate, certificate_id, seq=seq, actor=actor)
        entry = entry_of_certificate(base_of(certificate))
        entry = replace(entry, states=(*entry.states, change))
        revise_certificate(certificate, entry, Change.CHANGED, origin)
        note("certificate.state_changed", certificate, origin)
    return certificate


def begin_certificate(entry: CertificateEntry, origin: Origin) -> Certificate:
    """Store a new certificate in the caller's transaction; InvalidEntry otherwise."""
    entry = cleaned(entry)
    _require_valid(entry, origin)
    holder = ensure_holder(entry.holder, origin)
    certificate = Certificate()
    contents = certificate_contents(entry, holder)
    first_revision(certificate, contents, origin)
    _require_free_number(certificate)
    try:
        with transaction.atomic():
            save_first(certificate)
    except IntegrityError as error:
        raise DuplicateCertificate from error
    return certificate


def revise_certificate(
    certificate: Certificate, entry: CertificateEntry, change: Change, origin: Origin
) -> None:
    """Store the next revision of a locked certificate in the caller's transaction."""
    if certificate.in_force.is_void:
        raise NotStanding
    entry = cleaned(entry)
    _require_valid(entry, origin)
    if change == Change.CORRECTED and not origin.reason.strip():
        raise InvalidEntry([Fault("reason", _("请写明更正或变化的理由。"))])
    holder = ensure_holder(entry.holder, origin)
    contents = certificate_contents(entry, holder)
    next_revision(certificate, change, contents, origin)
    _require_free_number(certificate)
    try:
        with transaction.atomic():
            save_next(certificate)
    except IntegrityError as error:
        raise DuplicateCertificate from error


def cleaned(entry: CertificateEntry) -> CertificateEntry:
    """Return the entry with numbers and codes in the form they are stored."""
    return replace(
        entry,
        number=normalise_number(entry.number),
        scope=" ".join(entry.scope.split()),
        group_holder=normalise(entry.group_holder),
        holder=replace(entry.holder, credit_code=normalise(entry.holder.credit_code)),
    )


def normalise_number(text: str) -> str:
    """Return a certificate's number in upper case, half-width, without blanks."""
    wide = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
    return "".join(text.translate(wide).upper().split())


def certificate_contents(
    entry: CertificateEntry, holder: RegisteredUnit
) -> Mapping[str, Any]:
    """Return the columns of a revision."""
    states = states_json(entry.states)
    return {
        "number": entry.number,
        "body_id": entry.body,
        "holder": holder,
        "group_holder": entry.group_holder,
        "standard": entry.standard.value,
        "issue": entry.issue.value,
        "scope": entry.scope,
        "first_issued_on": entry.first_issued_on,
        "issued_on": entry.issued_on,
        "expires_on": entry.expires_on,
        "states": states,
        "state": states[-1]["state"] if states else CertificateState.VALID.value,
    }


def entry_of_certificate(revision: CertificateRevision) -> CertificateEntry:
    """Return what a revision says as an entry."""
    return CertificateEntry(
        number=revision.number,
        body=revision.body_id,
        holder=Holder(revision.holder.credit_code),
        standard=Standard(revision.standard),
        issue=Issue(revision.issue),
        first_issued_on=revision.first_issued_on,
        issued_on=revision.issued_on,
        expires_on=revision.expires_on,
        scope=revision.scope,
        group_holder=revision.group_holder,
        states=states_from(revision.states),
    )


def _require_valid(entry: CertificateEntry, origin: Origin) -> None:
    faults = list(certificate_faults(entry, local_date(origin.at)))
    if not CertificationBody.objects.filter(pk=entry.body).exists():
        faults.append(Fault("body", _("请从认证机构名录中选择。")))
    refuse(faults)


def _require_free_number(certificate: Certificate) -> None:
    """Say at the field that the number is taken; a race meets the constraint."""
    latest = certificate.latest
    others = Certificate.objects.standing().exclude(pk=certificate.pk)
    if others.filter(number=latest.number, body=latest.body_id).exists():
        raise DuplicateCertificate
