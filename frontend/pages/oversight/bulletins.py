"""Bulletins: the list, making one, looking at it, issuing, correcting, downloading."""

from urllib.parse import quote
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext as _, gettext_lazy

from frontend.components import Link, SummaryRow
from frontend.context import frame_of
from frontend.pages.answering.doors import person
from frontend.pages.data_sheet.workbook import XLSX
from frontend.pages.mandates.doors import posted
from frontend.pages.oversight.doors import (
    done_by,
    done_or_told,
    found_or_404,
    keeper_door,
    posting_door,
    reading_door,
)
from frontend.pages.oversight.forms import choice, line
from frontend.pages.oversight.sections import section_tabs
from frontend.pages.oversight.tables import Line, Listing, Tag, page_of
from frontend.pages.workbench.forms import INVALID_DAY
from frontend.templatetags.texts import long_date, short_date, short_time
from oversight.bulletins.document import Document
from oversight.bulletins.material import Kind, period_of
from oversight.bulletins.words import period_words
from oversight.dashboard import current_plan
from oversight.models import Bulletin
from oversight.rules import ISSUING_ROLES
from oversight.services.bulletins import (
    discard_bulletin,
    issue_bulletin,
    make_bulletin,
)
from reports.bulletin_prints import open_print, request_print
from reports.bulletin_workbook import workbook
from reports.bulletins import issue_words
from reports.models import BulletinPrint
from reports.receivers import ring_print
from reports.selectors import NotReady


class BulletinForm(forms.Form):
    """Which bulletin to make; a reason once the period's was issued."""

    kind = choice(gettext_lazy("种类"), Bulletin.Kind.choices)
    period = line(
        gettext_lazy("时期"),
        7,
        hint=gettext_lazy("月度简报写作 2026-10，年度报告写作 2026。"),
    )
    known_on = forms.DateField(
        label=gettext_lazy("以哪一天所知为准"),
        required=False,
        help_text=gettext_lazy("不填为昨天。此后的登记和更正不影响数字。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": INVALID_DAY},
    )
    reason = line(
        gettext_lazy("更正的理由"),
        300,
        required=False,
        hint=gettext_lazy("该时期的简报已签发时必填。"),
    )


@reading_door
def bulletins(request: HttpRequest) -> HttpResponse:
    """List bulletins and drafts, the latest period first."""
    rows = Bulletin.objects.visible_to(person(request)).light().newest_first()
    page = page_of(request, rows.select_related("snapshot"))
    listing = Listing(
        title=_("监测简报"),
        lede=_(
            "月度简报和年度报告。登记事实以指定日期所知为准，就绪度只用已发布的统计快照；"
            "签发后不再改变，有差错出更正版。"
        ),
        headers=(
            _("简报"),
            _("期号"),
            _("所知日期"),
            _("统计快照"),
            _("签发"),
            _("情况"),
        ),
        lines=[_line(row) for row in page],
        page=page,
        actions=(
            Link(reverse("bulletin-new"), _("拟制简报")),
            Link(reverse("open-data"), _("开放数据")),
        ),
        tabs=section_tabs("bulletins", current_plan(timezone.localdate())),
    )
    return render(request, "oversight/register_list.html", {"listing": listing})


@keeper_door
def new(request: HttpRequest) -> HttpResponse:
    """Ask which bulletin, and draft it."""
    asked = {key: request.GET.get(key, "") for key in ("kind", "period")}
    form = BulletinForm(posted(request), initial=asked)
    if request.method == "POST" and form.is_valid():
        made = done_by(
            form,
            lambda: make_bulletin(
                **form.cleaned_data, actor=person(request), at=timezone.now()
            ),
        )
        if made is not None:
            return redirect("bulletin", made.pk)
    context = {
        "form": form,
        "title": _("拟制简报"),
        "lede": _("先生成拟稿，看过再由主管签发。已有拟稿时重新生成。"),
        "back": reverse("bulletins"),
        "crumbs": _crumbs(_("拟制简报")),
    }
    return render(request, "oversight/form.html", context)


@reading_door
def show(request: HttpRequest, bulletin_id: UUID) -> HttpResponse:
    """Show a bulletin or a draft with everything it says."""
    bulletin = _found(request, bulletin_id)
    document = _document(bulletin)
    membership = frame_of(request).membership
    others = Bulletin.objects.visible_to(person(request)).light()
    editions = others.filter(kind=bulletin.kind, period=bulletin.period)
    context = {
        "bulletin": bulletin,
        "document": document,
        "title": _title(document),
        "state": _state(bulletin),
        "ground": [SummaryRow(key, value) for key, value in _ground(bulletin)],
        "changes": bulletin.changed(get_language() or ""),
        "printed": _printed(bulletin),
        "may_issue": membership is not None and membership.role in ISSUING_ROLES,
        "editions": editions.exclude(pk=bulletin.pk).order_by("edition"),
        "crumbs": _crumbs(_title(document)),
    }
    return render(request, "oversight/bulletin.html", context)


@posting_door
def issue(request: HttpRequest, bulletin_id: UUID) -> HttpResponse:
    """Issue the draft that was looked at."""
    bulletin = _found(request, bulletin_id)
    done_or_told(
        request,
        lambda: issue_bulletin(
            bulletin_id=bulletin.pk,
            digest=request.POST.get("digest", ""),
            actor=person(request),
            at=timezone.now(),
        ),
        _("已签发，PDF 正在生成。"),
    )
    return redirect("bulletin", bulletin.pk)


@posting_door
def discard(request: HttpRequest, bulletin_id: UUID) -> HttpResponse:
    """Throw a draft away."""
    bulletin = _found(request, bulletin_id)
    done = done_or_told(
        request,
        lambda: discard_bulletin(
            bulletin_id=bulletin.pk, actor=person(request), at=timezone.now()
        ),
        _("拟稿已删除。"),
    )
    return redirect("bulletins") if done else redirect("bulletin", bulletin.pk)


@reading_door
def pdf(request: HttpRequest, bulletin_id: UUID) -> FileResponse | HttpResponse:
    """Send the PDF; while there is none, go back and say so."""
    bulletin = _found(request, bulletin_id)
    try:
        printed = request_print(bulletin=bulletin, at=timezone.now())
        ring_print(printed)
        file = open_print(printed)
    except NotReady as error:
        messages.info(request, str(error.message))
        return redirect("bulletin", bulletin.pk)
    response = FileResponse(
        file,
        as_attachment=True,
        filename=f"{_file_stem(bulletin)}.pdf",
        content_type="application/pdf",
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@reading_door
def xlsx(request: HttpRequest, bulletin_id: UUID) -> HttpResponse:
    """Send the same numbers as a workbook."""
    bulletin = _found(request, bulletin_id)
    data = workbook(_document(bulletin), tuple(_ground(bulletin)))
    response = HttpResponse(data, content_type=XLSX)
    name = quote(f"{_file_stem(bulletin)}.xlsx")
    response.headers["Content-Disposition"] = f"attachment; filename*=utf-8''{name}"
    return response


def _found(request: HttpRequest, bulletin_id: UUID) -> Bulletin:
    rows = Bulletin.objects.visible_to(person(request))
    links = ("snapshot", "made_by", "issued_by")
    found: Bulletin = found_or_404(rows.select_related(*links), bulletin_id)
    return found


def _document(bulletin: Bulletin) -> Document:
    return bulletin.read().in_language(get_language() or "")


def _title(document: Document) -> str:
    return _("%(title)s（%(period)s）") % {
        "title": document.title,
        "period": document.period,
    }


def _file_stem(bulletin: Bulletin) -> str:
    stem = _title(_document(bulletin))
    edition = _("更正%s") % (bulletin.edition - 1) if bulletin.edition > 1 else ""
    draft = "" if bulletin.is_issued else _("拟稿")
    return "-".join(part for part in (stem, edition, draft) if part)


def _line(row: Bulletin) -> Line:
    spoken = period_words(period_of(Kind(row.kind), row.period))
    kind = str(Bulletin.Kind(row.kind).label)
    return Line(
        title=f"{kind} {spoken}",
        url=reverse("bulletin", args=[row.pk]),
        caption=_("第 %s 次更正") % (row.edition - 1) if row.edition > 1 else "",
        cells=(
            issue_words(row) if row.is_issued else "–",
            short_date(row.known_on),
            str(row.snapshot.number) if row.snapshot else "–",
            short_time(row.issued_at),
            _state(row),
        ),
    )


def _state(bulletin: Bulletin) -> Tag:
    word = str(Bulletin.State(bulletin.state).label)
    return Tag(word, "green" if bulletin.is_issued else "amber")


def _ground(bulletin: Bulletin) -> list[tuple[str, str]]:
    rows = [
        (_("期号"), issue_words(bulletin) if bulletin.is_issued else _("签发时编号")),
        (_("数据截止日"), long_date(bulletin.day)),
        (_("登记库所知日期"), long_date(bulletin.known_on)),
        (_("统计快照"), _snapshot_words(bulletin)),
        (_("内容 SHA-256"), bulletin.sha256),
        (_("拟制"), f"{bulletin.made_by} {short_time(bulletin.made_at)}"),
    ]
    if bulletin.is_issued:
        signed = f"{bulletin.issued_by} {short_time(bulletin.issued_at)}"
        rows.append((_("签发"), signed))
    if bulletin.reason:
        rows.append((_("更正的理由"), bulletin.reason))
    return rows


def _snapshot_words(bulletin: Bulletin) -> str:
    if bulletin.snapshot is None:
        return _("没有已发布的快照")
    return _("第 %(number)s 号（%(month)s）") % {
        "number": bulletin.snapshot.number,
        "month": bulletin.snapshot.month,
    }


def _printed(bulletin: Bulletin) -> BulletinPrint | None:
    found: BulletinPrint | None = BulletinPrint.objects.filter(
        bulletin=bulletin.pk
    ).first()
    return found


def _crumbs(title: str) -> tuple[Link, ...]:
    return (
        Link(reverse("oversight"), _("监测")),
        Link(reverse("bulletins"), _("监测简报")),
        Link("", title),
    )
