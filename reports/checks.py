"""What the machine must have to print reports, checked when the service starts."""

import ctypes
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from backend.fonts import PACKAGE, font_files

INSTALL = "apt-get update && apt-get install -y --no-install-recommends {packages}"
LIBRARIES = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}


@register()
def check_libraries(**_kwargs: Any) -> list[CheckMessage]:
    """Try to load what WeasyPrint loads; importing WeasyPrint itself is too slow."""
    missing = [package for name, package in LIBRARIES.items() if not _loads(name)]
    if not missing:
        return []
    return [
        Error(
            f"Reports can't be printed: {', '.join(missing)} can't be loaded.",
            hint="Install as root: " + INSTALL.format(packages=" ".join(missing)),
            id="reports.E001",
        )
    ]


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


@register()
def check_fonts(**_kwargs: Any) -> list[CheckMessage]:
    """Look for a Chinese font with a bold face: no bold is ever made up."""
    files = font_files()
    if any(_is_bold(file) for file in files) and any(not _is_bold(f) for f in files):
        return []
    if settings.REPORT_FONT_DIR:
        return [
            Error(
                f"REPORT_FONT_DIR={settings.REPORT_FONT_DIR} lacks a regular and a "
                "bold face (files whose names hold Bold).",
                hint="Put both there, or leave REPORT_FONT_DIR out and install as "
                "root: " + INSTALL.format(packages=PACKAGE),
                id="reports.E002",
            )
        ]
    return [
        Error(
            "Reports can't be printed: there is no Chinese font with a bold face.",
            hint="Install as root: " + INSTALL.format(packages=PACKAGE),
            id="reports.E002",
        )
    ]


def _is_bold(file: Path) -> bool:
    return "bold" in file.stem.lower()
