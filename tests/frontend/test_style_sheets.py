"""The style sheets: contrast, weight, and templates that obey the CSP."""

import gzip
import re
from pathlib import Path

import pytest

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
SHEETS = sorted((FRONTEND / "static/frontend/css").glob("*.css"))
TEMPLATES = sorted((FRONTEND / "templates").rglob("*.html"))
TOKENS = dict(
    re.findall(
        r"--([a-z0-9-]+): (#[0-9a-f]{3,6})",
        (FRONTEND / "static/frontend/css/tokens.css").read_text(),
    )
)

SHEETS_TEXT = "\n".join(sheet.read_text() for sheet in SHEETS)
WEIGHTS = (0.2126, 0.7152, 0.0722)


def luminance(color):
    digits = color.lstrip("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [
        p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return sum(weight * part for weight, part in zip(WEIGHTS, linear, strict=True))


def contrast(one, other):
    low, high = sorted((luminance(TOKENS[one]), luminance(TOKENS[other])))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "surface"),
        ("ink", "surface-3"),
        ("ink", "blue-tint"),
        ("ink", "amber-tint"),
        ("ink", "green-tint"),
        ("ink", "red-tint"),
        ("ink-2", "surface"),
        ("ink-2", "surface-2"),
        ("ink-2", "surface-3"),
        ("ink-2", "blue-tint"),
        ("ink-3", "surface"),
        ("blue", "surface"),
        ("blue", "surface-2"),
        ("blue", "blue-tint"),
        ("blue-deep", "blue-tint"),
        ("surface", "blue"),
        ("red", "surface"),
        ("surface", "red"),
        ("red-deep", "red-tint"),
        ("amber", "surface"),
        ("amber", "amber-tint"),
        ("green", "surface"),
        ("green", "green-tint"),
    ],
)
def test_text_has_a_contrast_of_seven(text, ground):
    assert contrast(text, ground) >= 7


@pytest.mark.parametrize(
    ("mark", "ground"),
    [
        ("line-strong", "surface"),
        ("blue", "surface-3"),
        ("amber-mark", "amber-tint"),
        ("green-mark", "surface"),
    ],
)
def test_marks_and_edges_of_fields_have_a_contrast_of_three(mark, ground):
    assert contrast(mark, ground) >= 3


def weight(sheets):
    return sum(len(gzip.compress(sheet.read_bytes())) for sheet in sheets)


def test_what_every_page_loads_weighs_at_most_twelve_kilobytes():
    links = (FRONTEND / "templates/components/stylesheets.html").read_text()
    assert weight(sheet for sheet in SHEETS if sheet.name in links) <= 12 * 1024


def test_all_style_sheets_weigh_at_most_thirty_kilobytes():
    assert weight(SHEETS) <= 30 * 1024


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_every_value_used_is_a_token(sheet):
    used = set(re.findall(r"var\(--([a-z0-9-]+)\)", sheet.read_text()))
    known = set(re.findall(r"--([a-z0-9-]+):", SHEETS_TEXT))
    assert used <= known


@pytest.mark.parametrize(
    "template", TEMPLATES, ids=lambda path: str(path.relative_to(FRONTEND))
)
def test_templates_keep_the_content_security_policy(template):
    text = template.read_text()
    assert re.search(r"\sstyle=", text) is None
    assert re.search(r"\son[a-z]+=[\"']|javascript:", text) is None
    # The index of an archive is opened from a disk; it carries its style with it.
    assert "<style" not in text or template.name == "export_index.html"
    assert re.search(r"<script(?![^>]*\bsrc=)", text) is None
