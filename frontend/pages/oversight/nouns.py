"""What differs between the pages of certificates and of titles."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from frontend.pages.oversight.forms import (
    CertificateForm,
    RecognitionForm,
    StateForm,
    TitleEndForm,
    TitleReviewForm,
    VetoForm,
)
from frontend.pages.oversight.tables import Tag
from frontend.pages.oversight.words import (
    certificate_rows,
    certificate_state,
    recognition_rows,
    title_state,
)
from oversight.faults import Fault
from oversight.models import (
    Certificate,
    CertificationBody,
    Recognition,
    Via,
)
from oversight.recognition_checks import recognition_warnings
from oversight.selectors import warnings_about
from oversight.services.certificates import (
    change_certificate_state,
    correct_certificate,
    enter_certificate,
    entry_of_certificate,
)
from oversight.services.recognitions import (
    correct_recognition,
    end_recognition,
    enter_recognition,
    entry_of_recognition,
    record_title_review,
    record_veto,
)


@dataclass(frozen=True)
class Act:
    """Something that becomes of a record: its form and the service it calls."""

    key: str
    title: Promise
    form: type
    do: Callable[..., Any]


@dataclass(frozen=True)
class Noun:
    """A register of records that are verified."""

    key: str
    title: Promise
    list_title: Promise
    model: Any
    form: Any
    links: tuple[str, ...]
    rows: Callable[[Any], list[tuple[str, str]]]
    state: Callable[[Any, date], Tag]
    entry_of: Callable[[Any], Any]
    warnings: Callable[[Any], Iterable[Fault]]
    enter: Callable[..., Any]
    correct: Callable[..., Any]
    acts: tuple[Act, ...]

    @property
    def list_name(self) -> str:
        """The name of the list's URL."""
        return f"register-{self.key}s"

    def url_name(self, page: str = "") -> str:
        """Return the name of one of a record's URLs."""
        return f"register-{self.key}-{page}" if page else f"register-{self.key}"

    def fetched(self, rows: Any) -> Any:
        """Return records with everything their pages show."""
        names = [
            f"{which}__{link}"
            for which in ("latest", "in_force")
            for link in self.links
        ]
        return rows.select_related("latest", "in_force", *names)

    def make_form(self, *args: Any, **kwargs: Any) -> Any:
        """Return the form of an entry."""
        if self.model is Certificate:
            kwargs["bodies"] = body_choices()
        return self.form(*args, **kwargs)


def body_choices() -> list[tuple[str, str]]:
    """Return the certification bodies, those that still issue first."""
    rows = CertificationBody.objects.order_by("-is_active", "name")
    return [(str(body.pk), body.name) for body in rows]


def initial_of(revision: Any) -> dict[str, Any]:
    """Return what a form starts with."""
    names = [name.removesuffix("_id") for name in revision.content]
    values = {name: getattr(revision, name) for name in names}
    values["holder"] = revision.holder.credit_code
    if "body" in values:
        values["body"] = str(revision.body_id)
    return values


def _title_warnings(revision: Any) -> Iterable[Fault]:
    return recognition_warnings(entry_of_recognition(revision))


def _state(form: Any, record: Any, actor: User, at: datetime) -> Any:
    change = form.change()
    return change_certificate_state(
        certificate_id=record.pk,
        seq=form.cleaned_data["seq"],
        change=change,
        source=change.document,
        via=Via.FORM,
        actor=actor,
        at=at,
    )


def _review(form: Any, record: Any, actor: User, at: datetime) -> Any:
    review = form.review()
    return record_title_review(
        recognition_id=record.pk,
        seq=form.cleaned_data["seq"],
        review=review,
        source=review.document,
        via=Via.FORM,
        actor=actor,
        at=at,
    )


def _end(form: Any, record: Any, actor: User, at: datetime) -> Any:
    data = form.cleaned_data
    return end_recognition(
        recognition_id=record.pk,
        seq=data["seq"],
        on=data["ended_on"],
        end_reason=data["end_reason"],
        source=data["end_reason"],
        via=Via.FORM,
        actor=actor,
        at=at,
    )


def _veto(form: Any, record: Any, actor: User, at: datetime) -> Any:
    data = form.cleaned_data
    return record_veto(
        recognition_id=record.pk,
        seq=data["seq"],
        on=data["vetoed_on"],
        source=data["reason"][:200],
        reason=data["reason"],
        via=Via.FORM,
        actor=actor,
        at=at,
    )


CERTIFICATE = Noun(
    key="certificate",
    title=_("证书"),
    list_title=_("证书登记"),
    model=Certificate,
    form=CertificateForm,
    links=("holder", "body"),
    rows=certificate_rows,
    state=certificate_state,
    entry_of=entry_of_certificate,
    warnings=warnings_about,
    enter=enter_certificate,
    correct=correct_certificate,
    acts=(Act("state", _("登记状态变化"), StateForm, _state),),
)
TITLE = Noun(
    key="title",
    title=_("称号"),
    list_title=_("称号登记"),
    model=Recognition,
    form=RecognitionForm,
    links=("holder",),
    rows=recognition_rows,
    state=title_state,
    entry_of=entry_of_recognition,
    warnings=_title_warnings,
    enter=enter_recognition,
    correct=correct_recognition,
    acts=(
        Act("review", _("登记复核结果"), TitleReviewForm, _review),
        Act("end", _("登记终止"), TitleEndForm, _end),
        Act("veto", _("登记一票否决事项"), VetoForm, _veto),
    ),
)
