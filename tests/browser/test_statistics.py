"""The bureau's statistics in a browser: from the home to one unit, at any width."""

from dataclasses import replace
from datetime import UTC, date, datetime

from django.urls import reverse
from playwright.sync_api import expect

from oversight.calibration.publish import Published
from oversight.models import CalibrationReport, Snapshot
from question_bank.selectors import compiled_bank, offered_version
from tests.browser.conftest import Site
from tests.browser.test_pages import look_at
from tests.oversight.calibration.world import pairs, sheets, undrawn
from tests.oversight.published import issued, one_way, refused, stored, table
from tests.oversight.registers import make_bureau
from tests.oversight.test_statistics_pages import months_ago


def _filled():
    """A bureau with a certificate of this year and two snapshots, one refused."""
    bureau = make_bureau()
    today = date.today()  # noqa: DTZ011 - the page asks for today
    at = datetime(today.year, 1, 4, 4, tzinfo=UTC)
    bureau.verified_certificate(at, **issued(1, date(2018, 5, 6)))
    cells = {
        (("central",), ("light",)): 80,
        (("central",), ("materials",)): None,
        (("north", "south"), ("light",)): 40,
        (("north", "south"), ("materials",)): 40,
    }
    stored(1, months_ago(3))
    stored(
        2,
        months_ago(2),
        zone_industry=table("zone_industry", cells, of=2),
        district=one_way("district", {"370602": 25, "370611+370612+370613": 10}, of=2),
    )
    refused(months_ago(1))
    return bureau


def test_an_official_goes_from_the_home_to_one_unit(site: Site):
    bureau = _filled()
    page = site.visitor(bureau.second)
    page.goto(reverse("home"))
    expect(page.get_by_role("heading", level=2).first).to_contain_text("今年新增获证")
    page.get_by_role("link", name="看监测总览").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("监测总览")
    expect(page.get_by_text("的快照未通过披露审核")).to_be_visible()

    page.get_by_role("link", name="规划目标").click()
    page.get_by_role("link", name="2016–2020 年").click()
    page.get_by_role(
        "link", name="通过《企业知识产权管理规范》国家标准认证的企业"
    ).first.click()
    row = page.get_by_role("row", name="示例企业1")
    expect(row).to_contain_text("首次获证")
    page.get_by_label("结论").select_option("to_verify")
    page.get_by_role("button", name="筛选").click()
    expect(page.get_by_text("没有符合条件的单位。")).to_be_visible()
    page.get_by_role("link", name="清除筛选").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载 CSV").click()
    assert download.value.suggested_filename.endswith(".csv")

    page.get_by_role("link", name="165IP180001R0M").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("165IP180001R0M")


def _calibrated(snapshot: Snapshot) -> None:
    """Store what was found of the bank on offer."""
    bank = compiled_bank(offered_version().sha256)
    found = undrawn(
        [*pairs(20, 15, 45), *pairs(70, 45, 15)],
        sheets(120, lambda n: [n % 5, (n + n // 5) % 5, 4, 4, 2]),
    )
    asked = [question.id for question in bank.questions]
    told = found.questions
    weakest, alike = (
        tuple(replace(one, question=asked[n]) for n, one in enumerate(several))
        for several in (told.weakest, told.alike)
    )
    found = replace(
        found,
        bank=bank.id,
        bands=(replace(found.bands[0], band=bank.bands[0].id),),
        questions=replace(told, weakest=weakest, alike=alike),
    )
    made = Published(snapshot.number, (found,))
    CalibrationReport.objects.create(
        snapshot=snapshot,
        state="published",
        document=made.canonical.decode(),
        sha256=made.sha256,
        made_at=snapshot.taken_at,
    )


def test_the_pages_of_the_statistics(site: Site):
    """axe finds nothing, nothing is wider than its window."""
    bureau = _filled()
    page = site.visitor(bureau.second)
    outline = ("2016-2020",)
    names = (
        ("home", ()),
        ("oversight", ()),
        ("oversight-plan", outline),
        ("oversight-indicator", (*outline, "P4")),
        ("oversight-indicator", (*outline, "P1")),
        ("oversight-snapshots", ()),
        ("oversight-snapshot", (2,)),
        ("oversight-method", ()),
        ("calibration", ()),
    )
    _calibrated(Snapshot.objects.get(number=2))
    paths = [reverse(name, args=args) for name, args in names]
    assert [line for path in paths for line in look_at(page, path)] == []
