"""Which static files are served: only those some page uses.

Compressing what packages bring along and nobody asks for (a second API viewer,
source maps, the browsable API) took most of the first start.
"""

from django.contrib.staticfiles.apps import StaticFilesConfig


class StaticFiles(StaticFilesConfig):
    """Django's own app with more left out."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "*.js.map",
        "*LICENSE*",
        "redoc",
        "rest_framework",
        "oauth2-redirect*",
    ]
