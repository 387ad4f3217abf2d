"""The workbench and the inbox: axe finds nothing, nothing overflows, keys suffice."""

from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from accounts.models import Mandate, Membership, Notice
from assessments.models import DataSheet
from reviews.models import ClientVisit
from reviews.services.coaching import Team, add_absence, assign_team, set_stage
from tests.assessments.data_sheets import save_sound
from tests.browser.conftest import Site
from tests.browser.test_pages import complaints, look_at
from tests.factories.accounts import MembershipFactory
from tests.fixtures_mandates import EVERYTHING, terms


def let_in(agency: Membership, days: int, name: str) -> Mandate:
    from accounts.mandates import grant_mandate

    owner, now = MembershipFactory(organisation__name=name), timezone.now()
    return grant_mandate(
        enterprise=owner.organisation,
        agency=agency.organisation,
        terms=terms(EVERYTHING, at=now, days=days),
        actor=owner.user,
        at=now,
    )


def fill(agency: Membership, reviewer: Membership) -> Mandate:
    """Let the agency in at 42 enterprises; the first has a team and a stage."""
    now, manager = timezone.now(), agency.user
    mandates = [
        let_in(agency, 5 + number * 4, f"一家名字相当长的企业股份有限公司（{number}）")
        for number in range(42)
    ]
    team = Team(reviewer.user_id, frozenset({agency.user_id}))
    assign_team(mandate=mandates[0], team=team, actor=manager, at=now)
    set_stage(
        mandate=mandates[0],
        stage="run",
        reached_on=timezone.localdate(),
        actor=manager,
        at=now,
    )
    day = timezone.localdate()
    add_absence(
        person=reviewer.user, deputy=manager, first_day=day,
        last_day=day + timedelta(days=9), actor=manager, at=now,
    )  # fmt: skip
    return mandates[0]


def test_the_pages_of_the_workbench(
    site: Site, agency_manager: Membership, reviewer: Membership
):
    first = fill(agency_manager, reviewer)
    page = site.visitor(agency_manager)
    paths = [
        reverse("home"),
        f"{reverse('home')}?view=all&page=2",
        f"{reverse('home')}?q=没有这家",
        reverse("absences"),
        reverse("agency-downloads"),
        reverse("notices"),
        reverse("notice-settings"),
        *(
            reverse(name, args=[first.pk])
            for name in ("client", "client-stage", "client-dates", "client-team")
        ),
    ]
    assert [line for path in paths for line in look_at(page, path)] == []


def test_handing_over_without_a_note_says_what_is_missing(
    site: Site, agency_manager: Membership, reviewer: Membership
):
    first = fill(agency_manager, reviewer)
    page = site.visitor(agency_manager)
    page.goto(reverse("client-team", args=[first.pk]))
    page.get_by_label("主办人").select_option(str(agency_manager.user_id))
    for box in page.locator("input[name=helpers]").all():
        box.uncheck()
    page.get_by_role("button", name="保存").press("Enter")
    expect(page.locator(".error-summary")).to_contain_text("交接事项")
    assert complaints(page) == []
    page.get_by_label("交接事项").fill("文件已过半，下周内审")
    page.get_by_role("button", name="保存").press("Enter")
    page.get_by_text("进度记录").click()
    expect(page.get_by_text("文件已过半，下周内审")).to_be_visible()


def test_the_inbox_leads_to_what_happened(
    site: Site, agency_manager: Membership, reviewer: Membership
):
    first = fill(agency_manager, reviewer)
    page = site.visitor(reviewer)
    page.goto(reverse("notices"))
    notice: Any = Notice.objects.visible_to(reviewer.user).get()
    page.get_by_role("button", name="您主办或协办的客户有变动。", exact=True).press(
        "Enter"
    )
    expect(page.get_by_role("heading", name="工作台")).to_be_visible()
    expect(page.get_by_role("link", name=first.enterprise.name)).to_be_visible()
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_what_changed_leads_to_the_data_sheet(
    site: Site, owner: Membership, grant: Any, reviewer: Membership
):
    mandate = grant(at=timezone.now() - timedelta(days=2))
    page, path = site.visitor(reviewer), reverse("client", args=[mandate.pk])
    assert look_at(page, path) == []
    long_ago = timezone.now() - timedelta(days=1)
    ClientVisit.objects.update(listed_at=long_ago)
    save_sound(owner)
    DataSheet.objects.update(updated_at=timezone.now())
    assert look_at(page, path) == []
    page.get_by_role("link", name="修改了 2025 年企业数据表").click()
    expect(page.locator("h1")).to_have_text("2025 年企业数据表")
    assert look_at(page, page.url) == []
