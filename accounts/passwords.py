"""Rules for passwords, in our words.

Django's Chinese catalogue lacks some of its messages. Passwords that say where
they are used are guessed first, so words of this service hardly count.
"""

from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.translation import gettext, gettext_lazy as _

from accounts.models import Membership

CONTEXT_WORDS = (
    "烟台", "yantai", "知识产权", "zhishichanquan", "29490", "ipreadiness",
    "自评", "贯标",
)  # fmt: skip
SHORTEST_REST = 6
"""How many characters a password must have beside the words found in it."""


class LengthValidator(password_validation.MinimumLengthValidator):
    """Refuses passwords shorter than `min_length` characters."""

    def get_error_message(self) -> str:
        """Return what is wrong and what to do."""
        text = gettext("密码太短，至少需要 %(count)d 个字符。")
        return text % {"count": self.min_length}


class CommonValidator(password_validation.CommonPasswordValidator):
    """Refuses the twenty thousand passwords people use most."""

    def get_error_message(self) -> str:
        """Return what is wrong and what to do."""
        return gettext("这是常见密码，很容易被猜到，请换一个。")


class SimilarityValidator(password_validation.UserAttributeSimilarityValidator):
    """Refuses passwords that resemble the person's e-mail address or name."""

    def get_error_message(self) -> str:
        """Return what is wrong and what to do."""
        return gettext("密码与您的邮箱或姓名太相似，请换一个。")


class ContextWordsValidator:
    """Refuses passwords that are little more than words of this service.

    The words are fixed ones, the person's organisation and its credit code.
    """

    def validate(self, password: str, user: Any = None) -> None:
        """Raise `ValidationError` if hardly anything but such words is left."""
        rest = password.casefold().replace(" ", "")
        found = False
        # Longest first: the city's name is part of many an enterprise's.
        for word in sorted({*CONTEXT_WORDS, *_words_of(user)}, key=len)[::-1]:
            if word in rest:
                found, rest = True, rest.replace(word, "")
        if found and len(rest) < SHORTEST_REST:
            message = _(
                "密码主要由容易猜到的词组成（如企业名称、信用代码、“烟台”）。"
                "请换用与本系统和企业无关的密码。"
            )
            raise ValidationError(message, code="password_context_words")

    def get_help_text(self) -> str:
        """Return the rule as shown beside the field."""
        return gettext("不要用企业名称、信用代码或与本系统有关的词作密码。")


def _words_of(user: Any) -> list[str]:
    """Return what an attacker knows: name and code of the organisation.

    A form that registers an enterprise sets `context_words` on its new user.
    """
    words = list(getattr(user, "context_words", ()))
    if user is not None and not user._state.adding:  # noqa: SLF001
        members = Membership.objects.filter(user=user)
        rows = members.values_list("organisation__name", "organisation__credit_code")
        words += [word for row in rows for word in row]
    cleaned = ("".join(word.casefold().split()) for word in words)
    return [word for word in cleaned if len(word) > 1]
