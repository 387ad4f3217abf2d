"""The sentences of notices, and which kinds one hears of how unless one says else."""

from collections.abc import Mapping
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from accounts.models import Notice, NoticePreference
from accounts.rules import Role

Kind = Notice.Kind
Channel = NoticePreference.Channel

TEXTS: Mapping[str, Any] = {
    "mandate_granted": _("有一份新的授权。"),
    "mandate_extended": _("一份授权已延期。"),
    "mandate_narrowed": _("一份授权的范围已缩小。"),
    "mandate_ending": _("一份授权将在两周内到期。"),
    "mandate_revoked": _("一份授权已撤销。"),
    "access_asked": _("主管部门申请查阅贵企业的资料，等待您决定。"),
    "access_to_approve": _("有一项具名查阅等待您审批。"),
    "access_consented": _("企业同意了一项具名查阅。"),
    "access_on_ground": _("主管部门依法定依据开始查阅，请查看依据和文号。"),
    "access_narrowed": _("一项具名查阅的范围已缩小。"),
    "access_objected": _("企业对一项具名查阅提出了异议。"),
    "access_refused": _("一项具名查阅未获同意。"),
    "access_withdrawn": _("一项具名查阅的申请已撤回。"),
    "access_revoked": _("一项具名查阅已终止。"),
    "claim_proven": _("企业认领已通过审核。"),
    "claim_refused": _("企业认领未通过审核，请查看理由。"),
    "submission": _("一家客户企业提交了自评。"),
    "client_assigned": _("您主办或协办的客户有变动。"),
    "review_returned": _("一份评审已退回，请修改。"),
    "review_accepted": _("一份评审已完成。"),
    "remark": _("有新的评审意见或答复。"),
    "report_ready": _("一份报告已生成，可以下载。"),
    "task_due": _("有整改任务将于 %(day)s 到期。"),
    "task_late": _("有整改任务已过到期日。"),
    "downloads_agency": _(
        "%(day)s，本机构一名成员查看和下载的客户文件明显多于其平时。"
    ),
    "downloads_enterprise": _(
        "%(day)s，服务机构的一名人员查看和下载的文件明显多于其平时，其中有贵企业的文件。"
    ),
    "register_handed_in": _("有企业报送了证书或称号，等待核实。"),
    "register_verified": _("贵企业报送的证书或称号已核实。"),
    "register_rejected": _("贵企业报送的证书或称号被退回，请查看理由。"),
    "statistics_refused": _("上月统计未通过披露审核，没有发布。"),
    "bank_published": _("题库发布了新版本。"),
}
"""Every text by its id. Only days and numbers may be put into one."""

MAILED = frozenset(
    {
        Kind.MANDATE_GRANTED,
        Kind.MANDATE_CHANGED,
        Kind.MANDATE_ENDING,
        Kind.MANDATE_REVOKED,
        Kind.ACCESS_ASKED,
        Kind.ACCESS_OPENED,
        Kind.ACCESS_CHANGED,
        Kind.CLAIM_DECIDED,
        Kind.REVIEW_RETURNED,
        Kind.TASK_DUE,
        Kind.DOWNLOADS,
    }
)
"""What one gets a mail about unless one says otherwise."""

NEVER_OFF = frozenset(
    {
        Kind.MANDATE_GRANTED,
        Kind.MANDATE_CHANGED,
        Kind.MANDATE_REVOKED,
        Kind.ACCESS_ASKED,
        Kind.ACCESS_OPENED,
        Kind.ACCESS_CHANGED,
        Kind.CLAIM_DECIDED,
        Kind.DOWNLOADS,
    }
)
"""Who may see an enterprise's data, and who takes much of it away: nobody can choose
not to hear of it."""

_SHARED = (Kind.REPORT_READY,)
_MANDATES = (
    Kind.MANDATE_GRANTED,
    Kind.MANDATE_CHANGED,
    Kind.MANDATE_ENDING,
    Kind.MANDATE_REVOKED,
)
_ACCESS = (Kind.ACCESS_ASKED, Kind.ACCESS_OPENED, Kind.ACCESS_CHANGED)
_REVIEWS = (Kind.REVIEW_RETURNED, Kind.REVIEW_ACCEPTED, Kind.REMARK, Kind.TASK_DUE)
_KEEPING = (Kind.REGISTER, Kind.STATISTICS)
_OWN: Mapping[str, tuple[Kind, ...]] = {
    Role.OWNER: (
        *_MANDATES, *_ACCESS, Kind.CLAIM_DECIDED, Kind.REGISTER, Kind.DOWNLOADS,
        *_REVIEWS, *_SHARED,
    ),
    Role.CONTRIBUTOR: (*_REVIEWS, *_SHARED),
    Role.AGENCY_MANAGER: (
        *_MANDATES, Kind.DOWNLOADS, Kind.SUBMISSION, Kind.CLIENT_ASSIGNED, *_REVIEWS,
        *_SHARED,
    ),
    Role.REVIEWER: (Kind.SUBMISSION, Kind.CLIENT_ASSIGNED, *_REVIEWS, *_SHARED),
    Role.BUREAU_MANAGER: (*_ACCESS, *_KEEPING, Kind.BANK_PUBLISHED),
    Role.ANALYST: (*_ACCESS, *_KEEPING, Kind.BANK_PUBLISHED),
}  # fmt: skip


def kinds_for(role: str) -> tuple[Kind, ...]:
    """Return the kinds that somebody in this role may be told of."""
    return _OWN.get(role, (Kind.BANK_PUBLISHED,))


def default_channel(kind: str) -> Channel:
    """Return how one hears of a kind without having chosen."""
    return Channel.EMAIL if kind in MAILED else Channel.IN_APP


def channels_for(kind: str) -> list[tuple[str, str]]:
    """Return the channels to choose from for a kind, as (value, label)."""
    return [
        (channel.value, str(channel.label))
        for channel in Channel
        if channel != Channel.OFF or kind not in NEVER_OFF
    ]


def notice_text(text: str, parameters: Mapping[str, Any]) -> str:
    """Return a notice in the language of who reads it."""
    shown = {key: _shown(value) for key, value in parameters.items()}
    return str(TEXTS[text]) % shown


def _shown(value: Any) -> str:
    day = parse_date(value) if isinstance(value, str) else None
    return date_format(day, "Y-m-d") if day else str(value)
