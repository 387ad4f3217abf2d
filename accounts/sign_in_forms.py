"""allauth's own forms in our words: labels, hints and messages.

allauth's Chinese catalogue is incomplete, and placeholders repeat the labels.
"""

from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from axes.utils import reset
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from accounts.forms import PASSWORD_HINT

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Words: TypeAlias = "tuple[StrOrPromise, StrOrPromise, StrOrPromise]"
"""Label, hint and the message for an empty field."""

EMAIL: Words = (_("邮箱"), "", _("请填写邮箱。"))
PASSWORD: Words = (_("密码"), "", _("请填写密码。"))
NEW_PASSWORD: Words = (_("新密码"), PASSWORD_HINT, _("请设置新密码。"))
AGAIN: Words = (_("再次输入新密码"), "", _("请再次输入新密码。"))
CODE: Words = (
    _("验证码"),
    _("验证器应用显示的 6 位数字；手机不在身边时可填写一个恢复码。"),
    _("请填写验证码。"),
)


class Reworded(forms.Form):
    """Gives the fields of a form the words of `words`."""

    words: ClassVar[dict[str, Words]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (label, hint, missing) in self.words.items():
            field = self.fields[name]
            field.label, field.help_text = label, hint
            field.error_messages["required"] = missing
            field.widget.attrs.pop("placeholder", None)


class SamePassword(Reworded):
    """Says in our words that two new passwords differ."""

    def clean(self) -> dict[str, Any] | None:
        data = forms.Form.clean(self)
        first = self.cleaned_data.get("password1")
        second = self.cleaned_data.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("两次输入的密码不一致。"))
        return data


class LoginForm(Reworded, account.LoginForm):  # type: ignore[misc]
    """Sign in."""

    words = {"login": EMAIL, "password": PASSWORD}


class ResetPasswordForm(Reworded, account.ResetPasswordForm):  # type: ignore[misc]
    """Ask for a link to set a new password."""

    words = {"email": EMAIL}


class ResetPasswordKeyForm(SamePassword, account.ResetPasswordKeyForm):  # type: ignore[misc]
    """Set a new password with a link."""

    words = {"password1": NEW_PASSWORD, "password2": AGAIN}

    def save(self) -> None:
        """Store the password; whoever holds the mailbox need not wait any more."""
        super().save()
        reset(username=self.user.email)


class ChangePasswordForm(SamePassword, account.ChangePasswordForm):  # type: ignore[misc]
    """Change the password while signed in."""

    words = {
        "oldpassword": (_("当前密码"), "", _("请填写当前密码。")),
        "password1": NEW_PASSWORD,
        "password2": AGAIN,
    }


class SetPasswordForm(SamePassword, account.SetPasswordForm):  # type: ignore[misc]
    """Set a first password while signed in."""

    words = {"password1": NEW_PASSWORD, "password2": AGAIN}


class ChangeEmailForm(Reworded, account.AddEmailForm):  # type: ignore[misc]
    """Change the address one signs in with."""

    words = {
        "email": (
            _("新邮箱"),
            _("我们会向新邮箱发送确认链接；确认之前仍用原邮箱登录。"),
            _("请填写新邮箱。"),
        )
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].validators.append(MaxLengthValidator(254))


class ReauthenticateForm(Reworded, account.ReauthenticateForm):  # type: ignore[misc]
    """Enter the password again before a sensitive change."""

    words = {"password": PASSWORD}


class AuthenticateForm(Reworded, mfa.AuthenticateForm):  # type: ignore[misc]
    """The second step of signing in."""

    words = {"code": CODE}


class MfaReauthenticateForm(Reworded, mfa.ReauthenticateForm):  # type: ignore[misc]
    """Enter a code again before a sensitive change."""

    words = {"code": CODE}


class ActivateTotpForm(Reworded, totp.ActivateTOTPForm):  # type: ignore[misc]
    """Set up an authenticator app."""

    words = {"code": (_("验证码"), _("应用当前显示的 6 位数字。"), _("请填写验证码。"))}
