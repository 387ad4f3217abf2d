"""Registering an enterprise through the page, and what strangers may learn."""

from collections.abc import Callable

import pytest
from django.core import mail
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import AuditEvent, Membership, Organisation, User
from accounts.rules import Role
from tests.factories.accounts import PASSWORD, UserFactory, credit_code

pytestmark = pytest.mark.django_db
CODE = "91370600MA3QY001XA"


def register(client: Client, **changes: str) -> HttpResponse:
    answers = {
        "credit_code": "9137 0600 ma3q y001 xa",
        "enterprise_name": "烟台示例制造有限公司",
        "district": "370602",
        "name": "李明",
        "email": "Li.Ming@Example.com",
        "password1": PASSWORD,
        "consent": "on",
    }
    return client.post(reverse("account_signup"), {**answers, **changes})


def errors(response: HttpResponse) -> dict[str, list[str]]:
    form = response.context["form"]
    return {name: list(texts) for name, texts in form.errors.items()}


def test_registering_signs_the_owner_in(client: Client) -> None:
    response = register(client)
    assert response.headers["Location"] == reverse("home")
    member = Membership.objects.select_related("user", "organisation").get()
    assert (member.user.email, member.user.name) == ("li.ming@example.com", "李明")
    assert (member.organisation.credit_code, member.role) == (CODE, Role.OWNER)
    assert client.get(reverse("account")).status_code == 200


def test_the_district_is_asked_and_not_read_from_the_code(client: Client) -> None:
    response = register(client, credit_code="91370611165000017Y", district="kunyu")
    assert response.status_code == 302
    assert Organisation.objects.get().district == "kunyu"


def test_consent_is_not_given_beforehand(client: Client) -> None:
    page = client.get(reverse("account_signup")).content.decode()
    assert 'name="consent"' in page
    assert "checked" not in page


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("credit_code", "", "请填写统一社会信用代码"),
        ("credit_code", "91370600MA3QY001XB", "最后一位校验码不符"),
        ("credit_code", "91370600MA3QY0O1XA", "第 15 位是字母 O"),
        ("enterprise_name", "", "请填写企业名称"),
        ("enterprise_name", "名\u202e称", "不可见"),
        ("district", "", "请选择所属区市"),
        ("district", "370684", "370684"),
        ("name", " ", "请填写姓名"),
        ("email", "", "请填写邮箱"),
        ("email", "li", "邮件地址"),
        ("password1", "", "请设置密码"),
        ("password1", "short", "至少需要 10 个字符"),
        ("password1", "password123", "常见密码"),
        ("password1", "li.ming@example.com", "太相似"),
        ("password1", "烟台示例制造有限公司2026", "企业名称"),
        ("password1", "91370600ma3qy001xa", "信用代码"),
        ("consent", "", "同意后才能注册"),
    ],
)
def test_an_error_is_shown_at_its_field(
    client: Client, field: str, value: str, words: str
) -> None:
    response = register(client, **{field: value})
    assert response.status_code == 200
    assert list(errors(response)) == [field]
    assert words in errors(response)[field][0]
    assert not User.objects.exists()
    assert not Organisation.objects.exists()


def test_a_registered_enterprise_is_refused_plainly_and_its_owner_told(
    client: Client,
    enterprise_owner: Callable[..., Membership],
    django_capture_on_commit_callbacks: Callable,
) -> None:
    owner = enterprise_owner(credit_code=CODE)
    with django_capture_on_commit_callbacks(execute=True):
        response = register(client)
    [message] = errors(response)["credit_code"]
    assert "该企业已经注册" in message
    assert [mail_.to for mail_ in mail.outbox] == [[owner.user.email]]
    assert User.objects.count() == 1
    assert AuditEvent.objects.get().action == "enterprise.registration_repeated"


def test_a_registered_address_is_refused(client: Client) -> None:
    UserFactory(email="li.ming@example.com")
    response = register(client)
    assert "已经注册" in errors(response)["email"][0]
    assert not Organisation.objects.exists()


@pytest.fixture
def mandatory(settings: object) -> None:
    """Let e-mail addresses be confirmed before the first sign-in."""
    settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"


@pytest.mark.usefixtures("mandatory")
def test_registering_waits_for_the_address_to_be_confirmed(client: Client) -> None:
    response = register(client)
    assert response.headers["Location"] == reverse("account_email_verification_sent")
    assert client.get(reverse("account")).status_code == 302
    assert "http://localhost:8000/accounts/confirm-email/" in mail.outbox[0].body


def confirmation(message: mail.EmailMessage) -> str:
    """Return the path of the link that confirms an address."""
    [link] = [line for line in message.body.splitlines() if "/confirm-email/" in line]
    return link.removeprefix("http://localhost:8000")


@pytest.mark.usefixtures("mandatory")
def test_a_confirmed_address_opens_the_way_in(client: Client) -> None:
    register(client)
    link = confirmation(mail.outbox[0])
    assert "li.ming@example.com" in client.get(link).content.decode()
    assert client.post(link).status_code == 302
    answers = {"login": "li.ming@example.com", "password": PASSWORD}
    fresh = Client()
    response = fresh.post(reverse("account_login"), answers)
    assert response.headers["Location"] == reverse("home")


def test_an_invalid_confirmation_is_explained(client: Client) -> None:
    page = client.get(reverse("account_confirm_email", args=["nonsense"]))
    assert "确认链接无效或已过期" in page.content.decode()


def test_a_new_address_counts_once_it_is_confirmed(client: Client) -> None:
    register(client)
    client.post(confirmation(mail.outbox[0]))
    cache.clear()  # three minutes later
    url = reverse("account_reauthenticate")
    client.post(url, {"password": PASSWORD})
    answers = {"email": "New@Example.com", "action_add": ""}
    client.post(reverse("account_email"), answers)
    assert User.objects.get().email == "li.ming@example.com"
    assert client.post(confirmation(mail.outbox[-1])).status_code == 302
    assert User.objects.get().email == "new@example.com"
    assert mail.outbox[-1].subject == "登录邮箱已更换"
    assert mail.outbox[-1].to == ["li.ming@example.com"]


@pytest.mark.usefixtures("mandatory")
@pytest.mark.parametrize("taken", ["code", "address"])
def test_a_stranger_sees_no_difference_when_something_is_taken(
    client: Client, taken: str, enterprise_owner: Callable[..., Membership]
) -> None:
    free = register(client)
    cache.clear()  # three minutes later: one address gets one mail in that time
    fresh = Client()
    if taken == "code":
        refused = register(fresh, email="other@example.com")
    else:
        refused = register(fresh, credit_code=credit_code(77))
    assert refused.status_code == free.status_code
    assert refused.headers["Location"] == free.headers["Location"]
    assert set(refused.cookies) == set(free.cookies)
    assert refused.content == free.content
    page = reverse("account_email_verification_sent")
    assert _frame(fresh.get(page)) == _frame(client.get(page))
    assert Organisation.objects.count() == User.objects.count() == 1


def _frame(response: HttpResponse) -> str:
    text = response.content.decode()
    words = ("li.ming@example.com", "other@example.com")
    lines = [line for line in text.splitlines() if "csrfmiddlewaretoken" not in line]
    page = "\n".join(lines)
    for word in words:
        page = page.replace(word, "ADDRESS")
    return page


@pytest.mark.usefixtures("mandatory")
def test_the_applicant_of_a_taken_enterprise_learns_it_by_mail(
    client: Client,
    enterprise_owner: Callable[..., Membership],
    django_capture_on_commit_callbacks: Callable,
) -> None:
    owner = enterprise_owner(credit_code=CODE)
    with django_capture_on_commit_callbacks(execute=True):
        register(client)
    subjects = {message.to[0]: message.subject for message in mail.outbox}
    assert subjects == {
        owner.user.email: "有人再次注册贵企业",
        "li.ming@example.com": "注册没有完成",
    }


def test_a_race_for_one_code_leaves_no_half_account(
    client: Client,
    enterprise_owner: Callable[..., Membership],
) -> None:
    enterprise_owner(credit_code=CODE)
    register(client)
    assert not User.objects.filter(email="li.ming@example.com").exists()


def test_many_registrations_from_one_address_are_stopped(client: Client) -> None:
    statuses = {register(client, credit_code="").status_code for _ in range(21)}
    assert statuses == {200, 429}
    page = client.post(reverse("account_signup"), {}).content.decode()
    assert "操作过于频繁" in page


def test_an_address_longer_than_its_column_is_refused_and_not_cut(
    client: Client,
) -> None:
    response = register(client, email="a" * 290 + "@example.com")
    assert list(errors(response)) == ["email"]
    assert not User.objects.exists()
