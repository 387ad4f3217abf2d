"""Forms of registration, invitation and membership."""

import unicodedata
from typing import Any

from allauth.account import app_settings
from allauth.account.forms import SignupForm
from allauth.account.internal.flows.signup import prevent_enumeration
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.validators import MaxLengthValidator
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts import credit_code, services
from accounts.credit_code import InvalidCreditCode
from accounts.districts import GROUPED_CHOICES
from accounts.models import Invitation, User
from accounts.rules import role_choices
from backend.errors import ServiceError

PASSWORD_HINT = _(
    "至少 10 个字符，可以使用空格和中文。不要用常见密码，也不要用企业名称或信用代码。"
)
DISTRICT_CHOICES = [("", _("请选择")), *GROUPED_CHOICES]


class NameField(forms.CharField):
    """A name on one line, without invisible characters."""

    def to_python(self, value: Any) -> str:
        text = unicodedata.normalize("NFC", str(super().to_python(value) or ""))
        text = " ".join(text.split())
        if text and not text.isprintable():
            raise forms.ValidationError(_("请去掉不可见的字符。"), code="invisible")
        return text


class CreditCodeField(forms.CharField):
    """A credit code; blanks, hyphens, case and width do not matter."""

    def __init__(self) -> None:
        super().__init__(
            label=_("统一社会信用代码"),
            max_length=40,
            help_text=_("营业执照上的 18 位代码。"),
            error_messages={"required": _("请填写统一社会信用代码。")},
            widget=forms.TextInput(
                attrs={"autocomplete": "off", "autocapitalize": "characters",
                       "spellcheck": "false"}
            ),
        )  # fmt: skip

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        try:
            return credit_code.parse(text) if text else ""
        except InvalidCreditCode as error:
            raise forms.ValidationError(
                str(error.message), code=error.problem.code
            ) from error


def _privacy_link() -> str:
    return format_html(
        '<a href="{}" target="_blank">{}</a>', reverse("privacy"), _("查看隐私说明")
    )


class Consent(forms.BooleanField):
    """Consent to the privacy notice: separate and never ticked beforehand."""

    def __init__(self) -> None:
        super().__init__(
            label=_("我已阅读并同意隐私说明"),
            help_text=lazy(_privacy_link, str)(),
            error_messages={"required": _("请阅读隐私说明，同意后才能注册。")},
        )


class EnterpriseFields(forms.Form):
    """What is asked about an enterprise."""

    credit_code = CreditCodeField()
    enterprise_name = NameField(
        label=_("企业名称"),
        max_length=120,
        help_text=_("与营业执照一致。"),
        error_messages={"required": _("请填写企业名称。")},
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    district = forms.ChoiceField(
        label=_("所属区市"),
        choices=DISTRICT_CHOICES,
        help_text=_("请按企业实际所在的区市或功能区选择。"),
        error_messages={"required": _("请选择所属区市。")},
    )

    def enterprise(self) -> services.Enterprise:
        """Return the answers."""
        data = self.cleaned_data
        return services.Enterprise(
            data["credit_code"], data["enterprise_name"], data["district"]
        )


class PersonForm(SignupForm):  # type: ignore[misc]
    """A new account: name, e-mail, password and consent."""

    name = NameField(
        label=_("姓名"),
        max_length=60,
        error_messages={"required": _("请填写姓名。")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    consent = Consent()
    field_order: tuple[str, ...] = ("name", "email", "password1", "consent")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        email, password = self.fields["email"], self.fields["password1"]
        email.label, password.label = _("邮箱"), _("密码")
        email.help_text = _("用于登录和接收通知。")
        # allauth would cut a longer address to the column's length.
        email.validators.append(MaxLengthValidator(254))
        password.help_text = PASSWORD_HINT
        email.error_messages["required"] = _("请填写邮箱。")
        password.error_messages["required"] = _("请设置密码。")
        for field in (email, password):
            field.widget.attrs.pop("placeholder", None)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean()
        password = data.get("password1")
        if password and "password1" not in self.errors:
            # allauth checks the password for a person without name and
            # organisation; the form knows both.
            person = User(email=data.get("email", ""), name=data.get("name", ""))
            person.context_words = self.context_words(data)  # type: ignore[attr-defined]
            try:
                validate_password(password, person)
            except forms.ValidationError as error:
                self.add_error("password1", error)
        return data

    def context_words(self, _data: dict[str, Any]) -> list[str]:
        """Return words of the organisation a password must not consist of."""
        return []


class RegistrationForm(EnterpriseFields, PersonForm):  # type: ignore[misc]
    """Register an enterprise together with the person who manages it."""

    field_order = (
        "credit_code", "enterprise_name", "district",
        "name", "email", "password1", "consent",
    )  # fmt: skip

    def context_words(self, data: dict[str, Any]) -> list[str]:
        return [data.get("enterprise_name", ""), data.get("credit_code", "")]

    def custom_signup(self, _request: HttpRequest, user: User) -> None:
        services.register_enterprise(
            enterprise=self.enterprise(), owner=user, at=timezone.now()
        )

    def try_save(
        self, request: HttpRequest
    ) -> tuple[User | None, HttpResponseBase | None]:
        """Store person and enterprise, or neither.

        An enterprise that is registered already gets no second account: its
        owners are told, and the applicant sees what `_refuse` answers.
        """
        try:
            with transaction.atomic():
                saved: tuple[User | None, HttpResponseBase | None] = super().try_save(
                    request
                )
                return saved
        except services.AlreadyRegistered:
            return None, self._refuse(request)

    def _refuse(self, request: HttpRequest) -> HttpResponseBase:
        """Answer a taken credit code.

        Where e-mail is confirmed first, with the page of a registration that
        worked; the mail says the rest. Elsewhere plainly, at the field.
        """
        code = self.cleaned_data["credit_code"]
        services.report_repeated_registration(code=code, at=timezone.now())
        if app_settings.EMAIL_VERIFICATION == "mandatory":
            same_page: HttpResponseBase = prevent_enumeration(
                request, email=self.cleaned_data["email"]
            )
            return same_page
        message = _(
            "该企业已经注册，不能再次注册。我们已通知企业的负责人，请联系其邀请您加入。"
        )
        self.add_error("credit_code", forms.ValidationError(message, "registered"))
        context = {"form": self, "login_url": reverse("account_login")}
        return TemplateResponse(request, "account/signup.html", context)


class JoinForm(PersonForm):
    """A new account for somebody who was invited."""

    def __init__(
        self, *args: Any, invitation: Invitation, token: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.invitation, self.token = invitation, token
        if invitation.email:
            self.fields["email"].initial = invitation.email
            self.fields["email"].help_text = _("邀请只能由这个邮箱使用。")

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if self.invitation.email and email != self.invitation.email:
            raise forms.ValidationError(services.WrongAddress.message, "wrong_address")
        return email

    def context_words(self, _data: dict[str, Any]) -> list[str]:
        organisation = self.invitation.organisation
        return [organisation.name, organisation.credit_code]

    def custom_signup(self, _request: HttpRequest, user: User) -> None:
        """Let the person join, once nobody can register for somebody else's address.

        Where e-mail is confirmed first, who confirmed it accepts: a seat taken at
        once would tell whoever made the link that the address was free.
        """
        if app_settings.EMAIL_VERIFICATION != "mandatory":
            services.accept_invitation(token=self.token, user=user, at=timezone.now())

    def try_save(
        self, request: HttpRequest
    ) -> tuple[User | None, HttpResponseBase | None]:
        """Store the person and the membership, or neither."""
        with transaction.atomic():
            saved: tuple[User | None, HttpResponseBase | None] = super().try_save(
                request
            )
        return saved


class EnterpriseForm(EnterpriseFields):
    """Register an enterprise for a person who has an account already."""


class OrganisationForm(forms.Form):
    """What the owner may change about an enterprise."""

    name = EnterpriseFields.base_fields["enterprise_name"]
    district = EnterpriseFields.base_fields["district"]


class NameForm(forms.Form):
    """The person's name."""

    name = PersonForm.base_fields["name"]


class InvitationForm(forms.Form):
    """Invite a member: the role, and the address if the link is for one person."""

    role = forms.ChoiceField(
        label=_("角色"),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择角色。")},
    )
    email = forms.EmailField(
        label=_("邮箱"),
        required=False,
        max_length=254,
        help_text=_("填写后，链接会发到该邮箱，且只有该邮箱可以使用。"),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        role = self.fields["role"]
        role.choices = role_choices(kind)[::-1]  # type: ignore[attr-defined]


class RoleForm(forms.Form):
    """Give a member another role."""

    role = forms.ChoiceField(
        label=_("角色"),
        widget=forms.RadioSelect,
        error_messages={"required": _("请选择角色。")},
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = role_choices(kind)  # type: ignore[attr-defined]


def show_problem(form: forms.Form, error: ServiceError) -> None:
    """Put what a service refused at the field it is about, or above the form."""
    placed = [name for name in error.fields if name in form.fields]
    for name in placed:
        form.add_error(name, forms.ValidationError(str(error.fields[name]), error.code))
    if not placed:
        form.add_error(None, forms.ValidationError(str(error.message), error.code))
