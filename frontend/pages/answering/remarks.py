"""What the check found, as lists of things to look at."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from assessments.checking import Check, CheckItem, Remark
from assessments.evaluation import bank_of
from assessments.models import Assessment
from frontend.components import Link
from frontend.pages.answering.words import numbered_title
from frontend.templatetags.texts import localized
from question_bank.engine.definition import Question
from question_bank.paging import layout


@dataclass(frozen=True)
class Remarked:
    """One thing to look at: what it is and where it can be mended."""

    text: str
    links: tuple[Link, ...]


@dataclass(frozen=True)
class RemarkGroup:
    """The remarks of one kind; `blocks` says that nothing can be submitted so."""

    id: str
    title: str
    text: str
    remarks: tuple[Remarked, ...]
    blocks: bool = False

    @property
    def is_long(self) -> bool:
        """Whether the list is folded at first."""
        return len(self.remarks) > 8


def remark_groups(assessment: Assessment, found: Check) -> Iterable[RemarkGroup]:
    """Yield what was found, what forbids the submission first."""
    disputed = found.of("contradiction")
    explained = [item for item in disputed if item.explained]
    unexplained = [item for item in disputed if not item.explained]
    groups = (
        _waiting(assessment, found.of("unknown")),
        _group(
            assessment,
            "contradiction",
            _("前后矛盾"),
            _("请更正，或在其中一题的“备注”里说明原因；否则不能提交。"),
            unexplained,
            blocks=True,
        ),
        _group(
            assessment,
            "to_confirm",
            _("沿用的回答还没有确认"),
            _("这些回答是从另一份自评带过来的，确认仍然属实之后才能提交。"),
            found.of("to_confirm"),
            blocks=True,
        ),
        *(
            _group(assessment, remark, title, text, found.of(remark))
            for remark, title, text in _harmless()
        ),
        _group(
            assessment,
            "explained",
            _("前后矛盾，已说明"),
            _("备注里已经说明原因，不影响提交。"),
            explained,
        ),
    )
    return (group for group in groups if group.remarks)


def _harmless() -> tuple[tuple[Remark, str, str], ...]:
    """Return the remarks that don't forbid the submission: title and advice."""
    return (
        (
            "open",
            _("还没有回答"),
            _("没有回答的题按 0 分计，答得太少时不评等级。"),
        ),
        (
            "dont_know",
            _("回答了“不知道”"),
            _("按 0 级计。问清楚再填，结果更准。"),
        ),
        ("weak", _("站不住脚的地方"), _("审核员多半会追问这些回答。")),
        (
            "unproven",
            _("说做到了，没有证据"),
            _("选了 3 级或以上，但既没有写文件名称，也没有上传材料。"),
        ),
    )


def _group(
    assessment: Assessment,
    key: str,
    title: str,
    text: str,
    items: Iterable[CheckItem],
    *,
    blocks: bool = False,
) -> RemarkGroup:
    remarks = tuple(_remarked(assessment, item) for item in items)
    return RemarkGroup(key, title, text, remarks, blocks)


def _waiting(assessment: Assessment, items: Iterable[CheckItem]) -> RemarkGroup:
    return RemarkGroup(
        "unknown",
        _("先答这几题，才知道还要问哪些"),
        _("下列的题决定后面还要答哪些题，回答之后才能提交。"),
        _deciding(assessment, items),
        blocks=True,
    )


def _remarked(assessment: Assessment, item: CheckItem) -> Remarked:
    text = localized(item.text)
    return Remarked(text, _links(assessment, item.questions))


def _deciding(
    assessment: Assessment, items: Iterable[CheckItem]
) -> tuple[Remarked, ...]:
    """Return the questions that others wait for, each once, with how many wait."""
    waiting: dict[str, list[Question]] = {}
    for item in items:
        first, *sources = item.questions
        for source in sources or [first]:
            waiting.setdefault(source.id, []).append(first)
    bank = bank_of(assessment)
    return tuple(
        Remarked(
            ngettext(
                "决定 %(number)s 题是否要答", "决定 %(number)s 题是否要答", len(ids)
            )
            % {"number": len(ids)},
            _links(assessment, [bank.question(source)]),
        )
        for source, ids in waiting.items()
    )


def _links(assessment: Assessment, questions: Iterable[Question]) -> tuple[Link, ...]:
    """Return links to questions; saving there leads back to the check."""
    return tuple(
        Link(question_url(assessment, q), localized(q.text), note=_place(assessment, q))
        for q in questions
    )


def question_url(assessment: Assessment, question: Question) -> str:
    """Return the address of a question; saving there returns to the check."""
    key = layout(bank_of(assessment)).page_of[question.id]
    url = reverse("answer-page", args=(assessment.pk, key))
    return f"{url}?return=check#q-{question.id}"


def _place(assessment: Assessment, question: Question) -> str:
    pages = layout(bank_of(assessment))
    return numbered_title(pages.by_key[pages.page_of[question.id]])
