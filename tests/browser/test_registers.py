"""The registers: axe finds nothing, nothing overflows, forms say what is missing."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership
from oversight.models import RegisteredUnit
from oversight.services.importing import check_import
from tests.browser.conftest import Site
from tests.browser.test_pages import complaints, look_at
from tests.oversight.registers import holder, make_bureau
from tests.oversight.test_pages import CERTIFICATE, scan
from tests.oversight.workbooks import certificate_row, workbook


def test_the_pages_of_the_registers(site: Site):
    bureau = make_bureau()
    certificate = bureau.verified_certificate()
    pending = bureau.certificate(number="165IP250002R0M", holder=holder(2))
    title = bureau.recognition()
    _plan, batch = check_import(
        data=workbook([certificate_row(n) for n in range(3)]),
        name="台账.xlsx",
        source="市局台账",
        actor=bureau.first.user,
        at=timezone.now(),
    )
    page = site.visitor(bureau.second)
    names = [
        *((name,) for name in (
            "registers", "register-certificates", "register-titles", "register-units",
            "register-figures", "register-bodies", "register-equivalences",
            "register-divisions", "register-imports", "register-import-new",
            "register-certificate-new", "register-title-new", "register-unit-new",
            "register-figure-new", "register-body-new", "register-equivalence-new",
        )),
        ("register-certificate", certificate.pk),
        ("register-certificate", pending.pk),
        ("register-certificate-correct", certificate.pk),
        ("register-certificate-act", certificate.pk, "state"),
        ("register-title", title.pk),
        ("register-title-act", title.pk, "review"),
        ("register-unit", RegisteredUnit.objects.first().pk),
        ("register-unit-change", RegisteredUnit.objects.first().pk),
        ("register-import", batch.pk),
    ]  # fmt: skip
    paths = [reverse(name, args=args) for name, *args in names]
    assert [line for path in paths for line in look_at(page, path)] == []


def test_the_pages_of_ones_own_records(site: Site, owner: Membership, signed_in):
    bureau = make_bureau()
    data = CERTIFICATE | {"body": str(bureau.body.pk), "file": scan()}
    signed_in(owner).post(reverse("own-certificate-new"), data)
    record = bureau.body.certificates.get()
    page = site.visitor(owner)
    paths = [
        reverse("own-records"),
        reverse("own-certificate-new"),
        reverse("own-title-new"),
        reverse("own-certificate", args=[record.pk]),
        reverse("own-certificate-mend", args=[record.pk]),
    ]
    assert [line for path in paths for line in look_at(page, path)] == []


def test_faulty_cells_and_missing_fields_are_shown_without_complaints(site: Site):
    page = site.visitor(make_bureau().first)
    file = SimpleUploadedFile("坏.xlsx", workbook([certificate_row(issued_on="去年")]))
    page.goto(site.url + reverse("register-import-new"))
    page.fill("#source", "台账")
    page.set_input_files(
        "#file", {"name": "坏.xlsx", "mimeType": "x/y", "buffer": file.read()}
    )
    page.click("main form button[type=submit]")
    page.wait_for_selector("text=证书!I2")
    assert complaints(page) == []
    page.goto(site.url + reverse("register-certificate-new"))
    page.click("main form button[type=submit]")
    page.wait_for_selector(".error-summary")
    assert complaints(page) == []
