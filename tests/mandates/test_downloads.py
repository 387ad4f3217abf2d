"""How much one person takes away in a day: bounded, and told of when unusual."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts import downloads
from accounts.access_records import record_reads, record_takings
from accounts.downloads import (
    ALARM_LEAST,
    EXPORTS_A_DAY,
    FILES_A_DAY,
    DownloadLimit,
    habits_of,
    opens_again,
)
from accounts.mandated_reads import Read
from accounts.models import AccessRecord, AuditEvent, Mandate, Membership, Notice
from tests.fixtures_assessments import AT
from tests.mandates.world import Owned, found

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
Take = Callable[..., None]


@pytest.fixture
def owned(small_version: Any, owner: Membership) -> Owned:
    """An enterprise with evidence."""
    return found(owner, small_version, "内容")


@pytest.fixture
def take(reviewer: Membership) -> Take:
    """Return a function that stores takings of earlier or today."""

    def make(
        mandate: Mandate, number: int, *, door: str = "evidence-file",
        what: str = "evidence", days: int = 0, person: Membership = reviewer,
    ) -> None:  # fmt: skip
        at = timezone.now() - days * DAY
        for _time in range(number):
            record_reads(
                reads=[Read(mandate.pk, what, "")], person=person.user, door=door,
                is_download=door != downloads.PREVIEW_DOOR, at=at,
            )  # fmt: skip

    return make


def one_more(mandate: Mandate, by: Membership, door: str = "evidence-file") -> None:
    record_takings(
        reads=[Read(mandate.pk, "evidence", "last")], person=by.user, door=door,
        is_download=True, at=timezone.now(),
    )  # fmt: skip


def told(person: Membership) -> list[str]:
    rows = Notice.objects.filter(recipient=person.user, kind="downloads")
    return list(rows.values_list("text", flat=True))


def body_of(answer: Any) -> bytes:
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


# --- Bounds -----------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "api-"])
def test_the_file_after_the_last_allowed_is_refused_and_not_recorded(
    owned: Owned, grant: Any, reviewer: Membership, signed_in: Any, take: Take,
    monkeypatch: pytest.MonkeyPatch, prefix: str,
):  # fmt: skip
    monkeypatch.setattr(downloads, "FILES_A_DAY", 2)
    take(grant(), 1)
    client = signed_in(reviewer)
    url = reverse(f"{prefix}evidence-file", args=[owned.files["level_one"]])
    assert body_of(client.get(url)).startswith(b"%PDF")
    before = list(AccessRecord.objects.values_list("door", "count"))
    refused = client.get(url)
    assert refused.status_code == 429
    assert b"%PDF" not in refused.content
    tomorrow = f"{timezone.localdate() + DAY:%Y-%m-%d}"
    words = f"今天已查看或下载 2 份文件，达到每人每日上限。{tomorrow} 零时后可以继续。"
    assert words in (refused.json()["title"] if prefix else refused.text)
    assert 0 < int(refused["Retry-After"]) <= 24 * 3600 + 1
    assert list(AccessRecord.objects.values_list("door", "count")) == before
    if prefix:
        assert refused["Content-Type"] == "application/problem+json"
        assert refused.json()["code"] == "download_limit"


def test_everything_else_stays_open_at_the_bound(
    owned: Owned, grant: Any, reviewer: Membership, signed_in: Any, take: Take
):
    take(grant(), FILES_A_DAY)
    client = signed_in(reviewer)
    page = reverse("client-assessment", args=[owned.sealed.pk])
    assert client.get(page).status_code == 200
    assert client.get(f"{reverse('workbench-export')}?view=all").status_code == 200


def test_yesterdays_takings_do_not_count(grant: Any, reviewer: Membership, take: Take):
    mandate = grant()
    take(mandate, FILES_A_DAY, days=1)
    one_more(mandate, reviewer)
    assert habits_of(reviewer.user_id, timezone.localdate()).today.files == 1


def test_the_bound_is_each_persons_own_and_over_all_clients(
    grant: Any, new_client: Any, reviewer: Membership, agency_manager: Membership,
    take: Take,
):  # fmt: skip
    mandate, other = grant(), new_client()
    take(other, FILES_A_DAY)
    one_more(mandate, agency_manager)
    with pytest.raises(DownloadLimit), transaction.atomic():
        one_more(mandate, reviewer)


def test_ones_own_files_are_not_bounded(
    owned: Owned, owner: Membership, signed_in: Any, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(downloads, "FILES_A_DAY", 0)
    url = reverse("evidence-file", args=[owned.files["level_one"]])
    answer = signed_in(owner).get(url)
    assert body_of(answer).startswith(b"%PDF")


def test_an_image_looked_at_counts_as_a_file(
    grant: Any, reviewer: Membership, take: Take
):
    mandate = grant()
    take(mandate, FILES_A_DAY, door=downloads.PREVIEW_DOOR)
    with pytest.raises(DownloadLimit):
        one_more(mandate, reviewer)


def test_exports_have_a_bound_of_their_own(
    grant: Any, reviewer: Membership, signed_in: Any, take: Take
):
    take(grant(), EXPORTS_A_DAY, door="workbench-export", what="list")
    answer = signed_in(reviewer).get(f"{reverse('workbench-export')}?view=all")
    assert answer.status_code == 429
    assert f"今天已导出 {EXPORTS_A_DAY} 次" in answer.text


def test_one_export_of_many_clients_is_one(
    new_client: Any, reviewer: Membership, signed_in: Any
):
    for _client in range(3):
        new_client()
    url = f"{reverse('workbench-export')}?view=all"
    for _time in range(2):
        assert signed_in(reviewer).get(url).status_code == 200
    assert AccessRecord.objects.filter(door="workbench-export").count() == 3
    assert habits_of(reviewer.user_id, timezone.localdate()).today.exports == 2


def test_it_opens_again_at_midnight_on_the_wall():
    assert opens_again(AT).isoformat() == "2026-11-25T00:00:00+08:00"


# --- Telling ----------------------------------------------------------------------


def test_a_day_is_unusual_above_three_times_the_own_median(
    grant: Any, owner: Membership, contributor: Membership, agency_manager: Membership,
    reviewer: Membership, take: Take,
):  # fmt: skip
    mandate = grant()
    for days, number in ((1, 12), (2, 20), (3, 4), (45, 90)):
        take(mandate, number, days=days)
    habit = habits_of(reviewer.user_id, timezone.localdate())
    assert (habit.usual, habit.alarm) == (12, 36)
    take(mandate, 35)
    one_more(mandate, reviewer)
    assert told(owner) == told(agency_manager) == []
    one_more(mandate, reviewer)
    assert told(owner) == ["downloads_enterprise"]
    assert told(agency_manager) == ["downloads_agency"]
    assert told(contributor) == told(reviewer) == []
    event = AuditEvent.objects.get(action="downloads.unusual")
    assert event.detail == {"taken": 37, "usual": 12.0}


def test_without_days_to_compare_the_least_decides(
    grant: Any, owner: Membership, reviewer: Membership, take: Take
):
    mandate = grant()
    take(mandate, ALARM_LEAST - 1)
    one_more(mandate, reviewer)
    assert told(owner) == []
    one_more(mandate, reviewer)
    assert told(owner) == ["downloads_enterprise"]


def test_one_is_told_once_a_day_and_mailed_once(
    grant: Any, owner: Membership, agency_manager: Membership, reviewer: Membership,
    take: Take, django_capture_on_commit_callbacks: Any,
):  # fmt: skip
    mandate = grant()
    take(mandate, ALARM_LEAST)
    with django_capture_on_commit_callbacks(execute=True):
        for _time in range(3):
            one_more(mandate, reviewer)
    assert len(told(owner)) == 1
    addresses = sorted(address for letter in mail.outbox for address in letter.to)
    assert addresses == sorted([owner.user.email, agency_manager.user.email])


def test_only_enterprises_whose_files_were_taken_are_told(
    grant: Any, new_client: Any, owner: Membership, reviewer: Membership, take: Take
):
    mandate, other, untouched = grant(), new_client(), new_client()
    owners = {
        m.pk: Membership.objects.get(organisation=m.enterprise)
        for m in (other, untouched)
    }
    take(mandate, ALARM_LEAST)
    one_more(mandate, reviewer)
    assert told(owner) == ["downloads_enterprise"]
    assert told(owners[other.pk]) == []
    one_more(other, reviewer)
    assert told(owners[other.pk]) == ["downloads_enterprise"]
    assert told(owners[untouched.pk]) == []


def test_the_notice_names_nobody(
    grant: Any, owner: Membership, reviewer: Membership, take: Take, signed_in: Any
):
    mandate = grant()
    take(mandate, ALARM_LEAST)
    one_more(mandate, reviewer)
    page = signed_in(owner).get(reverse("notices")).text
    assert f"{timezone.localdate():%Y-%m-%d}，服务机构的一名人员" in page
    assert reviewer.user.name not in page
    assert reviewer.organisation.name not in page


# --- The manager's page -----------------------------------------------------------


def test_the_manager_sees_what_each_person_took(
    grant: Any, reviewer: Membership, agency_manager: Membership, take: Take,
    signed_in: Any, django_assert_max_num_queries: Any,
):  # fmt: skip
    mandate = grant()
    take(mandate, ALARM_LEAST + 1)
    take(mandate, 4, days=2)
    client = signed_in(agency_manager)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("agency-downloads")).text
    row = page.split(reviewer.user.name)[1].split("</tr>")[0]
    assert ">31<" in row
    assert "明显多于平时" in row


def test_nobody_else_sees_it(
    grant: Any, reviewer: Membership, owner: Membership, agency_manager: Membership,
    other_agency: Membership, take: Take, signed_in: Any,
):  # fmt: skip
    take(grant(), 7)
    url = reverse("agency-downloads")
    assert signed_in(reviewer).get(url).status_code == 403
    assert signed_in(owner).get(url).status_code == 403
    assert reviewer.user.name not in signed_in(other_agency).get(url).text
    seen = {
        person: AccessRecord.objects.of_agency(person.user).count()
        for person in (agency_manager, reviewer, owner, other_agency)
    }
    assert seen == {agency_manager: 1, reviewer: 0, owner: 0, other_agency: 0}
