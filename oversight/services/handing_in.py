"""An enterprise hands in its own certificates and titles, to be verified."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import EnterpriseClaim, Organisation, User
from accounts.rules import Kind, may
from assessments.evidence_files import CheckedFile
from backend.errors import Conflict, Forbidden, NotFound
from oversight.entries import CertificateEntry, Holder, RecognitionEntry
from oversight.faults import Fault, InvalidEntry
from oversight.models import Certificate, Change, Recognition, Verification, Via
from oversight.rules import HANDING_IN_ROLES
from oversight.services.certificates import begin_certificate, revise_certificate
from oversight.services.filing import checked_file, keep_file
from oversight.services.recognitions import begin_recognition, revise_recognition
from oversight.services.recording import Held, Origin, lock_record, note
from oversight.telling import tell_handed_in

SOURCE = "企业报送"
AGAIN = "企业补正"


class ClaimNotProven(Conflict):
    """Nobody has checked yet that the owner acts for the enterprise."""

    code = "claim_not_proven"
    message = _("企业认领尚未通过审核，暂不能报送证书和称号。审核通过后再来办理。")


class InTheBureausHands(Conflict):
    """What was verified once is changed by the bureau only."""

    code = "in_the_bureaus_hands"
    message = _("这条记录已由主管部门核实或录入，如有出入请联系主管部门更正。")


def hand_in_certificate(
    *, enterprise: Organisation, entry: CertificateEntry, file: "File[bytes] | None",
    actor: User, at: datetime,
) -> Certificate:  # fmt: skip
    """Enter a certificate of one's own enterprise with a scan of it.

    It counts once the bureau has verified it. Raises NotFound, Forbidden,
    ClaimNotProven, InvalidEntry, DuplicateCertificate or what files raise.
    """
    require_handing_in(enterprise, actor)
    checked, content = _required_file(file)
    origin = Origin(actor, at, Via.ENTERPRISE, SOURCE)
    entry = replace(entry, holder=_own_holder(enterprise), states=())
    with transaction.atomic():
        certificate = begin_certificate(entry, origin)
        keep_file(
            certificate, checked, content, actor=actor, at=at, organisation=enterprise
        )
        note("certificate.handed_in", certificate, origin, enterprise)
        tell_handed_in(at)
    return certificate


def hand_in_certificate_again(
    *, enterprise: Organisation, certificate_id: UUID, seq: int,
    entry: CertificateEntry, file: "File[bytes] | None", actor: User, at: datetime,
) -> Certificate:  # fmt: skip
    """Mend what one's own enterprise handed in, while nobody has verified it.

    Raises InTheBureausHands, StaleRecord and what handing in raises.
    """
    require_handing_in(enterprise, actor)
    origin = Origin(actor, at, Via.ENTERPRISE, SOURCE, AGAIN)
    entry = replace(entry, holder=_own_holder(enterprise), states=())
    with transaction.atomic():
        found = lock_record(Certificate, certificate_id, seq=seq, actor=actor)
        _require_own(found, enterprise)
        revise_certificate(found, entry, Change.CORRECTED, origin)
        _keep_optional(found, file, enterprise, actor, at)
        note("certificate.handed_in_again", found, origin, enterprise)
        tell_handed_in(at)
    return found


def hand_in_recognition(
    *, enterprise: Organisation, entry: RecognitionEntry, file: "File[bytes] | None",
    actor: User, at: datetime,
) -> Recognition:  # fmt: skip
    """Enter a title of one's own enterprise with its document; see certificates."""
    require_handing_in(enterprise, actor)
    checked, content = _required_file(file)
    origin = Origin(actor, at, Via.ENTERPRISE, SOURCE)
    with transaction.atomic():
        recognition = begin_recognition(_own_title(entry, enterprise), origin)
        keep_file(
            recognition, checked, content, actor=actor, at=at, organisation=enterprise
        )
        note("recognition.handed_in", recognition, origin, enterprise)
        tell_handed_in(at)
    return recognition


def hand_in_recognition_again(
    *, enterprise: Organisation, recognition_id: UUID, seq: int,
    entry: RecognitionEntry, file: "File[bytes] | None", actor: User, at: datetime,
) -> Recognition:  # fmt: skip
    """Mend a title handed in, while nobody has verified it; see certificates."""
    require_handing_in(enterprise, actor)
    origin = Origin(actor, at, Via.ENTERPRISE, SOURCE, AGAIN)
    with transaction.atomic():
        found = lock_record(Recognition, recognition_id, seq=seq, actor=actor)
        _require_own(found, enterprise)
        entry = _own_title(entry, enterprise)
        revise_recognition(found, entry, Change.CORRECTED, origin)
        _keep_optional(found, file, enterprise, actor, at)
        note("recognition.handed_in_again", found, origin, enterprise)
        tell_handed_in(at)
    return found


def require_handing_in(enterprise: Organisation, actor: User) -> None:
    """Raise NotFound, Forbidden or ClaimNotProven unless the person may hand in."""
    if enterprise.kind != Kind.ENTERPRISE or not may(actor, enterprise):
        raise NotFound
    if not may(actor, enterprise, *HANDING_IN_ROLES):
        raise Forbidden(_("只有企业负责人可以报送证书和称号。"))
    claim = EnterpriseClaim.objects.filter(enterprise=enterprise)
    if not claim.filter(state=EnterpriseClaim.State.PROVEN).exists():
        raise ClaimNotProven


def may_be_mended(record: Held) -> bool:
    """Tell whether the enterprise may still change what it handed in."""
    was_verified = record.in_force.verification == Verification.VERIFIED
    return not (was_verified or record.in_force.is_void) and not (
        record.revisions.exclude(via=Via.ENTERPRISE)
        .exclude(change=Change.REJECTED)
        .exists()
    )


def _require_own(record: Held, enterprise: Organisation) -> None:
    own = record.in_force.holder.credit_code == enterprise.credit_code
    if not own or not may_be_mended(record):
        raise InTheBureausHands


def _own_holder(enterprise: Organisation) -> Holder:
    return Holder(enterprise.credit_code, enterprise.name, enterprise.district)


def _own_title(entry: RecognitionEntry, enterprise: Organisation) -> RecognitionEntry:
    """Return the title without what only the bureau records."""
    return replace(
        entry,
        holder=_own_holder(enterprise),
        reviews=(),
        ended_on=None,
        end_reason="",
        vetoed_on=None,
    )


def _required_file(
    file: "File[bytes] | None",
) -> tuple[CheckedFile, "File[bytes]"]:
    if file is None:
        text = _("请上传证书或文件的扫描件。")
        raise InvalidEntry([Fault("file", text)])
    return checked_file(file, file.name or ""), file


def _keep_optional(
    record: Held,
    file: "File[bytes] | None",
    enterprise: Organisation,
    actor: User,
    at: datetime,
) -> None:
    if file is not None:
        checked = checked_file(file, file.name or "")
        keep_file(record, checked, file, actor=actor, at=at, organisation=enterprise)
