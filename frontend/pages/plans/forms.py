"""Forms of plans: a task, the run dates, an item of the checklist."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from accounts.forms import NameField
from accounts.models import Membership
from assessments.evaluation import bank_of
from assessments.models import Evidence
from assessments.rules import ANSWERING_ROLES
from frontend.pages.mandates.forms import assessment_words
from frontend.templatetags.texts import localized
from reviews.checklist import Asked
from reviews.models import ImprovementPlan, PlanTask, ReadinessItem
from reviews.run_clock import RunDates
from reviews.services import Preparation, TaskContent
from reviews.services.tasks import LONGEST_REASON, LONGEST_TEXT, Words


class DayField(forms.DateField):
    """A day, typed or chosen; it may stay open."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            error_messages={"invalid": _("请按 2026-01-05 的格式填写日期。")},
            **options,
        )


class TaskForm(forms.Form):
    """What a task says."""

    text = forms.CharField(
        label=_("要做什么"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请写明要做什么。")},
    )
    department = forms.ChoiceField(label=_("部门"), required=False)
    owner = forms.ChoiceField(
        label=_("负责人"),
        required=False,
        help_text=_("选本企业的成员，到期前会收到邮件提醒。"),
    )
    owner_name = NameField(
        label=_("负责人姓名"),
        required=False,
        max_length=64,
        help_text=_("负责人没有账号时填写。"),
    )
    due_on = DayField(label=_("到期日"))
    evidence = forms.CharField(
        label=_("要形成的证据"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("每行一份文件或记录。"),
    )

    def __init__(
        self, *args: Any, plan: ImprovementPlan, task: PlanTask | None = None,
        names_people: bool, **kwargs: Any,
    ) -> None:  # fmt: skip
        self.task = task
        kwargs.setdefault("initial", _initial(task))
        super().__init__(*args, **kwargs)
        departments = bank_of(plan.assessment).departments
        self._choose("department", ((d.id, localized(d.title)) for d in departments))
        if names_people:
            self._choose("owner", _members(plan))
        else:
            # Who works for the enterprise is none of an agency's business.
            del self.fields["owner"]

    def _choose(self, name: str, choices: Iterable[tuple[str, str]]) -> None:
        self.fields[name].choices = [("", _("未定")), *choices]  # type: ignore[attr-defined]

    def content(self) -> TaskContent:
        """Return what a valid form says; words that were left alone stay the bank's."""
        data, task = self.cleaned_data, self.task
        text = data["text"].replace("\r\n", "\n")
        known = [] if task is None else [*task.evidence]
        lines = [line.strip() for line in data["evidence"].splitlines()]
        owner = data.get("owner") or None
        if "owner" not in self.fields and task is not None:
            owner = task.owner_id
        return TaskContent(
            text=_kept(text, [] if task is None else [task.text]),
            department=data["department"],
            owner=_person(owner),
            owner_name=data["owner_name"],
            due_on=data["due_on"],
            evidence=tuple(_kept(line, known) for line in lines if line),
        )


def _person(value: Any) -> Any:
    return forms.UUIDField(required=False).clean(value)


def _kept(typed: str, known: Iterable[Words]) -> Words:
    return next((words for words in known if localized(words) == typed), typed)


def _initial(task: PlanTask | None) -> dict[str, Any]:
    if task is None:
        return {}
    return {
        "text": localized(task.text),
        "department": task.department,
        "owner": str(task.owner_id or ""),
        "owner_name": task.owner_name,
        "due_on": task.due_on,
        "evidence": "\n".join(localized(line) for line in task.evidence),
    }


def _members(plan: ImprovementPlan) -> Iterable[tuple[str, str]]:
    rows = Membership.objects.filter(
        organisation=plan.assessment.enterprise_id, role__in=ANSWERING_ROLES
    )
    for member in rows.select_related("user").order_by("pk"):
        yield str(member.user_id), str(member.user.name or member.user.email)


class DueForm(forms.Form):
    """When a task is due: all an agency changes once its proposal is accepted."""

    due_on = DayField(label=_("到期日"))


class DropForm(forms.Form):
    """Why a task is given up."""

    reason = forms.CharField(
        label=_("不再做的原因"),
        max_length=LONGEST_REASON,
        error_messages={"required": _("请写明不再做的原因，不超过 200 字。")},
    )


class CommentForm(forms.Form):
    """What somebody says about a task."""

    text = forms.CharField(
        label=_("意见"),
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("请填写意见，不超过 500 字。")},
    )


class DatesForm(forms.Form):
    """The dates of the run."""

    start = DayField(
        label=_("体系开始运行的日期"), help_text=_("体系文件批准实施的那一天。")
    )
    audit = DayField(
        label=_("内部审核完成的日期"), help_text=_("还没有做的，填计划的日期。")
    )
    review = DayField(
        label=_("管理评审的日期"),
        help_text=_("在内部审核之后。还没有做的，填计划的日期。"),
    )

    applied = DayField(
        label=_("提交认证申请的日期"),
        help_text=_("向认证机构提交申请的那一天。还没有申请的，先不填。"),
    )

    def dates(self) -> RunDates:
        """Return the dates a valid form holds."""
        return RunDates(**{name: self.cleaned_data[name] for name in self.fields})


def _file_words(file: Evidence, plan: ImprovementPlan) -> str:
    """Return a file's name, with its assessment where that is another one."""
    if file.assessment_id == plan.pk:
        return str(file.name)
    of = file.assessment
    about = assessment_words(of.bank_version.edition, of.submitted_at)
    return gettext("%(file)s（%(assessment)s）") % {
        "file": file.name,
        "assessment": about,
    }


class ItemForm(forms.Form):
    """Where an item of the checklist stands."""

    state = forms.ChoiceField(
        label=_("状态"),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择状态。")},
    )
    reason = forms.CharField(
        label=_("不适用的原因"), required=False, max_length=LONGEST_REASON
    )
    note = forms.CharField(label=_("备注"), required=False, max_length=500)
    papers = forms.MultipleChoiceField(
        label=_("关联的证明材料"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "来自本企业已提交的自评，包括以后各次和其他版本。勾选的文件会放进导出的材料包。"
        ),
    )

    def __init__(
        self,
        *args: Any,
        asked: Asked,
        plan: ImprovementPlan,
        files: Iterable[Evidence],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        states = [
            pair
            for pair in ReadinessItem.State.choices
            if asked.na or pair[0] != ReadinessItem.State.NOT_APPLICABLE
        ]
        self.fields["state"].choices = states  # type: ignore[attr-defined]
        if not asked.na:
            del self.fields["reason"]
        named = [(str(file.pk), _file_words(file, plan)) for file in files]
        if named:
            self.fields["papers"].choices = named  # type: ignore[attr-defined]
        else:
            del self.fields["papers"]

    def preparation(self) -> Preparation:
        """Return what a valid form says."""
        data = self.cleaned_data
        return Preparation(
            state=data["state"],
            reason=data.get("reason", ""),
            note=data["note"],
            files=[_person(pk) for pk in data.get("papers", ())],
        )
