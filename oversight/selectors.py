"""Reads about records that need more than the record itself."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from oversight.certificate_checks import certificate_warnings, upgraded_expiry_differs
from oversight.faults import Fault
from oversight.models import Certificate, CertificateRevision
from oversight.services.certificates import entry_of_certificate


def warnings_about(revision: CertificateRevision) -> Iterator[Fault]:
    """Yield what is odd about a certificate, also beside the holder's others."""
    entry = entry_of_certificate(revision)
    yield from certificate_warnings(entry)
    rows = Certificate.objects.public().filter(in_force__holder=revision.holder_id)
    earlier = rows.exclude(pk=revision.record_id).values_list(
        "in_force__expires_on", flat=True
    )
    if upgraded_expiry_differs(entry, set(earlier)):
        text = _("换版证书应沿用原证书的到期日，与已登记的证书不同，请核对。")
        yield Fault("expires_on", text)
