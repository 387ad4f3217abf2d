"""The pages people see."""

from django.apps import AppConfig


class FrontendConfig(AppConfig):
    """Templates, static files, texts and the pages that use them."""

    name = "frontend"
    verbose_name = "Pages"
