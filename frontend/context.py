"""What every page's frame needs: the languages, the navigation, who is signed in."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext as _

from accounts.mandated_reads import accesses_read
from accounts.models import Membership
from accounts.rules import NAMED_ROLES, Kind, Role
from accounts.selectors import framed_membership
from frontend.components import Link
from oversight.rules import KEEPING_ROLES
from question_bank.rules import EDITING_ROLES

LANGUAGE_NAMES = {"zh-hans": "中文", "en": "English"}


@dataclass(frozen=True)
class Language:
    """A language to switch to: Django's code and its name in itself."""

    code: str
    name: str


@dataclass(frozen=True)
class AccessMark:
    """The watermark of a page read through a named access: who, when, by which."""

    person: str
    at: datetime
    numbers: str


@dataclass(frozen=True)
class Frame:
    """The frame of one page. Nothing is read before a template asks for it."""

    request: HttpRequest

    @cached_property
    def other_language(self) -> Language:
        """The language the switch offers: the one that isn't active."""
        codes = [code for code, _name in settings.LANGUAGES if code != get_language()]
        return Language(codes[0], LANGUAGE_NAMES[codes[0]])

    @property
    def is_demo(self) -> bool:
        """Whether the enterprises on these pages are made up."""
        return bool(settings.DEMO)

    @property
    def path(self) -> str:
        """The address to come back to after switching the language."""
        return self.request.get_full_path()

    @cached_property
    def membership(self) -> Membership | None:
        """The signed-in person's membership; one query, none for strangers."""
        if not self._signed_in:
            return None
        return framed_membership(self.request.user)

    @property
    def access_mark(self) -> AccessMark | None:
        """Who reads an enterprise's data by name and when, where this page shows any.

        For the end of a page: by then everything on it has been fetched. No query.
        """
        read = accesses_read()
        if not read or not self._signed_in:
            return None
        numbers = "、".join(str(key)[:8] for key in read)
        return AccessMark(str(self.request.user), timezone.now(), numbers)

    @property
    def unread(self) -> int:
        """How many notices wait; it comes with the membership, without a query."""
        return getattr(self.membership, "unread", 0)

    @cached_property
    def navigation(self) -> tuple[Link, ...]:
        """The main navigation for the kind of organisation the person belongs to."""
        if not self._signed_in:
            return self._links(
                ("start", _("首页")),
                ("quick-scan", _("快速测评")),
                ("questionnaire", _("全部题目")),
            )
        shared = (("home", _("工作台")), ("questionnaire", _("全部题目")))
        if self.membership is None:
            return self._links(*shared)
        kind, role = self.membership.organisation.kind, self.membership.role
        own = {
            Kind.ENTERPRISE: (
                ("mandates", _("授权")),
                ("own-records", _("证书与称号")),
            ),
            Kind.AGENCY: (("clients", _("客户企业")),),
        }.get(Kind(kind), ())
        if role in KEEPING_ROLES:
            own = (("oversight", _("监测")),)
        if role == Role.BUREAU_MANAGER:
            own = (*own, ("claims", _("企业认领")))
        if role in NAMED_ROLES:
            own = (*own, ("accesses", _("具名查阅")))
        if role in EDITING_ROLES:
            own = (*own, ("banks", _("题库管理")))
        return self._links(*shared, *own, ("members", _("成员与权限")))

    @property
    def _signed_in(self) -> bool:
        user = getattr(self.request, "user", None)
        return user is not None and user.is_authenticated

    def _links(self, *pages: tuple[str, str]) -> tuple[Link, ...]:
        return tuple(self._link(name, text) for name, text in pages if _exists(name))

    def _link(self, name: str, text: str) -> Link:
        url = reverse(name)
        return Link(url, text, current=url == self.request.path)


def _exists(name: str) -> bool:
    try:
        reverse(name)
    except NoReverseMatch:
        return False
    return True


def frame(request: HttpRequest) -> dict[str, Frame]:
    """Offer the frame to every template as `frame`.

    Not as `site`: allauth puts that name into the context of its own pages.
    """
    return {"frame": frame_of(request)}


def frame_of(request: HttpRequest) -> Frame:
    """Return the frame of a request, the same one every time it is asked for.

    A view that needs the membership reads it here and spares the page a query.
    """
    found: Frame = request.__dict__.setdefault("frame", Frame(request))
    return found
