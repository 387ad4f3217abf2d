"""Lint of translations: every text in Chinese, and normally in English too."""

from collections.abc import Iterator
from typing import Any

from question_bank.engine.definition import Bank
from question_bank.engine.problems import Report

_LOCALES = {"zh", "en"}


def check_texts(bank: Bank, report: Report) -> None:
    """Check that no text lacks Chinese (error) or English (warning)."""
    for path, texts in _texts(bank.to_json(), ""):
        if not texts.get("zh"):
            report.error(
                path,
                "missing_zh",
                {"zh": f"{path} 缺中文。", "en": f"{path} has no Chinese text."},
            )
        elif not texts.get("en"):
            report.warning(
                path,
                "missing_en",
                {"zh": f"{path} 缺英文。", "en": f"{path} has no English text."},
            )


def _texts(value: Any, path: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield path and texts of everything that is a text by locale."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, f"{path}/{index}")
    elif isinstance(value, dict):
        if set(value) <= _LOCALES:
            yield path, value
            return
        for key, item in value.items():
            yield from _texts(item, f"{path}/{key}" if path else key)
