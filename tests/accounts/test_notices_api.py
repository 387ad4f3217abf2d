"""The inbox under /api/v1/: one's own notices and choices, nobody else's."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Notice, NoticePreference
from accounts.notices import Kind, notify

pytestmark = pytest.mark.django_db
CHANNELS = "api-notice-channels"


def tell(person: Membership, url: str = "/home/") -> Notice:
    notify(kind=Kind.REPORT_READY, users=[person.user_id], url=url, at=timezone.now())
    return Notice.objects.get(recipient=person.user, url=url)


def choose(client: Any, **channels: str) -> Any:
    return client.patch(
        reverse(CHANNELS), {"channels": channels}, content_type="application/json"
    )


def test_one_lists_ones_own_notices(
    owner: Membership, stranger: Membership, signed_in: Any
):
    mine, _other = tell(owner), tell(stranger)
    found = signed_in(owner).get(reverse("api-notices")).json()
    assert found["count"] == 1
    [row] = found["results"]
    assert (row["id"], row["kind"], row["text"], row["read_at"]) == (
        str(mine.pk),
        "report_ready",
        "一份报告已生成，可以下载。",
        None,
    )


def test_a_notice_is_marked_read_once(owner: Membership, signed_in: Any):
    notice, client = tell(owner), signed_in(owner)
    url = reverse("api-notice-read", args=[notice.pk])
    first = client.post(url).json()["read_at"]
    assert first is not None
    assert client.post(url).json()["read_at"] == first


def test_all_are_marked_read_at_once(
    owner: Membership, stranger: Membership, signed_in: Any
):
    tell(owner), tell(owner, "/notices/"), tell(stranger)
    client, url = signed_in(owner), reverse("api-notices-read")
    assert client.post(url).json() == {"read": 2}
    assert client.post(url).json() == {"read": 0}
    assert Notice.objects.filter(read_at=None).count() == 1


def test_a_foreign_notice_is_not_found(
    owner: Membership, stranger: Membership, signed_in: Any
):
    url = reverse("api-notice-read", args=[tell(owner).pk])
    answer = signed_in(stranger).post(url)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert not Notice.objects.exclude(read_at=None).exists()


def test_one_chooses_how_to_be_told(owner: Membership, signed_in: Any):
    client = signed_in(owner)
    before = {
        row["kind"]: row["channel"] for row in client.get(reverse(CHANNELS)).json()
    }
    assert before["remark"] == "in_app"
    after = {row["kind"]: row["channel"] for row in choose(client, remark="off").json()}
    assert after == before | {"remark": "off"}


@pytest.mark.parametrize(
    "channels",
    [{"mandate_granted": "off"}, {"bank_published": "off"}, {"remark": "pigeon"}],
)
def test_what_may_not_be_chosen_is_refused(
    owner: Membership, signed_in: Any, channels: dict[str, str]
):
    answer = choose(signed_in(owner), **channels)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert not NoticePreference.objects.exists()
