"""Where allauth asks us: redirects, links, mail and the secrets of two factors."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.translation import gettext_lazy as _

from accounts import mails
from accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Our redirects and words; links in mails lead to the configured address."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("该账号已停用。"),
        "cannot_remove_primary_email": _("不能删除登录邮箱。"),
        "duplicate_email": _("该邮箱已经是您的登录邮箱。"),
        "email_password_mismatch": _("邮箱或密码不正确。"),
        "email_taken": _("该邮箱已经注册，请直接登录或找回密码。"),
        "enter_current_password": _("当前密码不正确。"),
        "incorrect_code": _("验证码不正确。"),
        "incorrect_password": _("密码不正确。"),
        "invalid_or_expired_key": _("链接无效或已过期。"),
        "invalid_login": _("邮箱或密码不正确。"),
        "invalid_password_reset": _("重设密码的链接无效或已过期。"),
        "max_email_addresses": _("最多可以登记 %d 个邮箱。"),
        "too_many_login_attempts": _("尝试次数过多，请稍后再试。"),
        "unknown_email": _("该邮箱没有注册。"),
        "unverified_primary_email": _("请先验证登录邮箱。"),
        "same_as_current": _("新内容必须与当前内容不同。"),
        "rate_limited": _("操作过于频繁，请稍后再试。"),
    }

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Leave counting to django-axes: one rule, one message, one place."""

    def send_account_already_exists_mail(self, email: str) -> None:
        """Write to an applicant who got no account, for whichever reason."""
        if User.objects.filter(email=email).exists():
            super().send_account_already_exists_mail(email)
        else:
            mails.send_registration_refused(email)

    def get_password_change_redirect_url(self, _request: HttpRequest) -> str:
        return reverse("account")

    def get_email_verification_redirect_url(self, _email_address: Any) -> str:
        signed_in = self.request.user.is_authenticated
        return resolve_url("home") if signed_in else reverse("account_login")

    def get_reset_password_from_key_url(self, key: str) -> str:
        uid, _dash, token = key.partition("-")
        path = reverse(
            "account_reset_password_from_key", kwargs={"uidb36": uid, "key": token}
        )
        return f"{settings.SITE_URL}{path}"

    def get_email_confirmation_url(
        self, _request: HttpRequest, emailconfirmation: Any
    ) -> str:
        path = reverse("account_confirm_email", args=[emailconfirmation.key])
        return f"{settings.SITE_URL}{path}"

    def render_mail(
        self, template_prefix: str, email: Any, context: Any, headers: Any = None
    ) -> Any:
        full = {**context, "site_url": settings.SITE_URL}
        return super().render_mail(template_prefix, email, full, headers)

    def save_user(
        self,
        request: HttpRequest,
        user: User,
        form: Any,
        commit: bool = True,  # noqa: FBT001, FBT002 - allauth's signature
    ) -> User:
        user.name = form.cleaned_data.get("name", "")
        saved: User = super().save_user(request, user, form, commit)
        return saved


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Keeps the secrets of authenticator apps and recovery codes encrypted.

    The key comes from SECRET_KEY; whoever changes that key names the old one in
    SECRET_KEY_FALLBACKS, or people have to set up their second factor anew.
    """

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "add_email_blocked": _("已启用两步验证的账号不能添加邮箱。"),
        "cannot_delete_authenticator": _("不能停用两步验证。"),
        "cannot_generate_recovery_codes": _("请先启用两步验证，再生成恢复码。"),
        "incorrect_code": _("验证码不正确，请输入验证器应用当前显示的 6 位数字。"),
        "unverified_email": _("请先验证邮箱，再启用两步验证。"),
    }

    def get_totp_label(self, user: User) -> str:
        return user.email

    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()


def _fernet() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_key(force_bytes(key))) for key in keys])


def _key(secret: bytes) -> bytes:
    # The prefix keeps this key apart from all other uses of SECRET_KEY.
    return urlsafe_b64encode(sha256(b"accounts.mfa:" + secret).digest())
