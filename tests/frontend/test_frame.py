"""The frame of every page: navigation, languages, and pages for errors."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.urls import path, reverse
from django.utils import translation

from backend.urls import urlpatterns as real_patterns
from frontend.context import Frame
from frontend.pages import errors


def broken(_request):
    raise RuntimeError("something broke")


def forbidden(_request):
    raise PermissionDenied


urlpatterns = [
    *real_patterns,
    path("broken/", broken),
    path("forbidden/", forbidden),
]
handler400 = "frontend.pages.errors.bad_request"
handler403 = "frontend.pages.errors.permission_denied"
handler404 = "frontend.pages.errors.page_not_found"
handler500 = "frontend.pages.errors.server_error"


PAGES = (
    "start",
    "home",
    "quick-scan",
    "questionnaire",
    "members",
    "verify",
    "api-docs",
    "account_login",
    "account_signup",
)


@pytest.mark.parametrize("name", PAGES)
def test_every_page_the_frame_links_to_exists(name):
    """The frame leaves out links it can't resolve, so a lost page shows only here."""
    assert reverse(name)


def site_for(user, address="/"):
    request = RequestFactory().get(address)
    request.user = user
    return Frame(request)


@pytest.mark.django_db
def test_a_stranger_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        site = site_for(AnonymousUser(), "/questionnaire/")
        assert site.membership is None
        assert [link.url for link in site.navigation if link.current] == [
            "/questionnaire/"
        ]


def test_a_member_costs_one_query(owner, django_assert_num_queries):
    with django_assert_num_queries(1):
        site = site_for(owner.user)
        assert site.membership == owner
        assert site.membership.organisation.name
        assert [link.text for link in site.navigation]


def test_nothing_is_read_before_a_template_asks(owner, django_assert_num_queries):
    with django_assert_num_queries(0):
        site_for(owner.user)


@pytest.mark.parametrize(("active", "offered"), [("zh-hans", "en"), ("en", "zh-hans")])
def test_the_switch_offers_the_other_language(active, offered):
    with translation.override(active):
        assert site_for(AnonymousUser()).other_language.code == offered


@pytest.mark.django_db
def test_switching_the_language_comes_back_to_the_page(client):
    client.post("/i18n/setlang/", {"language": "en", "next": "/styleguide/"})
    assert '<html lang="en">' in client.get("/styleguide/").content.decode()


@pytest.mark.urls(__name__)
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status", "heading"),
    [
        ("/nowhere/", 404, "没有找到这个页面"),
        ("/forbidden/", 403, "您没有查看此页的权限"),
        ("/broken/", 500, "系统暂时无法处理您的请求"),
    ],
)
def test_errors_have_pages_of_their_own(address, status, heading):
    response = Client(raise_request_exception=False).get(address)
    assert response.status_code == status
    assert f"<h1>{heading}</h1>" in response.content.decode()


def test_the_page_for_server_errors_needs_no_database():
    """Without the django_db mark any query raises."""
    response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "系统暂时无法处理您的请求" in response.content.decode()


def test_a_broken_error_page_still_answers(monkeypatch):
    def fail(_name):
        raise ValueError("no templates today")

    monkeypatch.setattr(errors, "get_template", fail)
    response = errors.server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert "请稍后再试" in response.content.decode()


@pytest.mark.django_db
def test_a_form_without_token_gets_an_explanation():
    client = Client(enforce_csrf_checks=True)
    response = client.post("/i18n/setlang/", {"language": "en"})
    assert response.status_code == 403
    assert "页面已过期，请重新提交" in response.content.decode()


def test_a_bad_request_has_a_page():
    response = errors.bad_request(RequestFactory().get("/"), ValueError())
    assert response.status_code == 400
    assert "无法处理这个请求" in response.content.decode()


@pytest.mark.django_db
def test_a_demo_says_on_every_page_that_its_enterprises_are_made_up(client, settings):
    assert "演示：" not in client.get(reverse("open-data")).content.decode()
    settings.DEMO = True
    for name in ("start", "open-data"):
        assert "不是真实企业的" in client.get(reverse(name)).content.decode()
