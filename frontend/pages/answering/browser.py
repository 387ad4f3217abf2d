"""What the page's script is told: rules, values, addresses and words."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.selectors import AnswerPage
from frontend.pages.answering.blocks import ACCEPTED
from frontend.templatetags.texts import localized
from question_bank.engine.branching import browser_values, is_asked, is_settled

_ID = "question-id"
_UUID = "00000000-0000-0000-0000-000000000000"


def page_data(
    page: AnswerPage, *, next_url: str, request: HttpRequest
) -> dict[str, Any]:
    """Return the data of one page for `answering.js`."""
    assessment = page.assessment.pk
    login = f"{reverse('account_login')}?next={request.get_full_path()}"
    return {
        "answer_url": reverse("api-answer", args=(assessment, _ID)),
        "evidence_url": reverse("api-answer-evidence", args=(assessment, _ID)),
        "file_url": reverse("evidence-file", args=(_UUID,)),
        "file_api": reverse("api-evidence", args=(_UUID,)),
        "next_url": next_url,
        "login_url": login,
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "max_bytes": settings.EVIDENCE_MAX_BYTES,
        "endings": ACCEPTED.split(","),
        "values": browser_values(page.evaluation.applicability),
        "questions": _questions(page),
        "sections": _sections(page),
        "done": _done(page),
    }


def _questions(page: AnswerPage) -> list[dict[str, Any]]:
    return [
        {
            "id": q.id,
            "kind": q.type,
            "applies_when": q.applies_when.tree if q.applies_when else None,
            "rule": q.rule.tree if q.rule else None,
            "asked": is_asked(q),
            "text": localized(q.text),
        }
        for q in page.page.questions
    ]


def _sections(page: AnswerPage) -> dict[str, list[str]]:
    """Return the ids of the questions that count, by section."""
    return {
        section.id: [
            q.id for q in page.bank.section_questions(section.id) if is_asked(q)
        ]
        for section in page.bank.sections
    }


def _done(page: AnswerPage) -> list[str]:
    """Return which questions have an answer, whether they apply now or not."""
    sheet, values = page.evaluation.sheet, page.evaluation.applicability.values
    return sorted(q.id for q in page.bank.questions if is_settled(q, sheet, values))


def words() -> dict[str, str]:
    """Return the texts the script shows; braces are filled in by it."""
    return {
        "saved": _("已保存 {time}"),
        "saving": _("保存中…"),
        "retrying": _("未保存，正在重试"),
        "signed_out": _("登录已过期，未保存的内容还在本页"),
        "invalid": _("有 {number} 处需要更正，更正后自动保存"),
        "conflict": _("有一题已在别处被修改，请选择保留哪一份"),
        "sealed": _("本次自评已提交，不能再修改"),
        "gone": _("本次自评已无法访问，请返回工作台"),
        "forbidden": _("没有保存：请刷新页面后再试"),
        "number": _("请只填数字，例如 12。"),
        "date": _("请填写真实的日期，例如 2026-01-05。"),
        "reason": _("选“不适用”须写明理由。"),
        "both": _("既填写了内容，又勾选了别的回答。请只保留一种。"),
        "unanswered": _("未回答"),
        "nothing": _("未填写"),
        "answer": _("回答"),
        "document": _("文件名称、编号或日期"),
        "note": _("备注"),
        "too_large": _("“{name}”超过 {limit} MB，请压缩或拆分后再上传。"),
        "wrong_kind": _("“{name}”不是可接受的文件类型。"),
        "upload_failed": _("“{name}”没有上传：{problem}"),
        "network": _("网络中断，请稍后再试。"),
        "uploading": _("正在上传，{percent}%"),
        "checking": _("正在检查文件…"),
        "uploaded": _("已上传“{name}”"),
        "removed": _("已删除“{name}”"),
        "all_answered": _("本页的题目都已回答"),
        "appeared": _("根据您的回答，本页多出 {number} 道题"),
        "keys_off": _("快捷键已停用"),
        "has_evidence": _("已有证据"),
        "no_evidence": _("还没有证据"),
        "error_prefix": _("错误："),
        "yes": _("是"),
        "no": _("否"),
        "dont_know": _("不知道"),
        "not_applicable": _("不适用：{reason}"),
        "not_occurred": _("本期未发生；现有机制：{level}"),
        "list_comma": _("、"),
        "leave": _("还有内容没有保存。"),
    }
