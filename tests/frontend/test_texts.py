"""The template filters for texts, numbers and dates."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from django.template import Context, Template
from django.utils import translation

from frontend.templatetags import texts

BOTH = {"zh": "保密", "en": "Confidentiality"}


@pytest.mark.parametrize(
    ("language", "text", "shown"),
    [
        ("zh-hans", BOTH, "保密"),
        ("en", BOTH, "Confidentiality"),
        ("en", {"zh": "保密"}, "保密"),
        ("en", "plain", "plain"),
        ("en", None, ""),
    ],
)
def test_localized_follows_the_active_language(language, text, shown):
    with translation.override(language):
        assert texts.localized(text) == shown


def test_localized_text_is_escaped_in_a_template():
    template = Template("{% load texts %}{{ text|localized }}")
    assert template.render(Context({"text": {"zh": "<b>"}})) == "&lt;b&gt;"


@pytest.mark.parametrize(
    ("text", "language"), [(BOTH, "en"), ({"zh": "保密"}, "zh-CN"), ("x", "en")]
)
def test_text_language_is_that_of_the_shown_text(text, language):
    with translation.override("en"):
        assert texts.text_language(text) == language


@pytest.mark.parametrize(
    ("code", "tag"), [("zh-hans", "zh-CN"), ("en", "en"), (None, "zh-CN")]
)
def test_html_language(code, tag):
    assert texts.html_language(code) == tag


@pytest.mark.parametrize(
    ("share", "places", "shown"),
    [
        (Fraction(1, 3), 0, "33%"),
        (Fraction(1, 8), 1, "12.5%"),
        (0.5, 0, "50%"),
        (Decimal("0.005"), 0, "1%"),
        (0, 0, "0%"),
        (None, 0, "–"),
    ],
)
def test_percent(share, places, shown):
    assert texts.percent(share, places) == shown


@pytest.mark.parametrize(
    ("points", "shown"),
    [("145/2", "73"), ("60", "60"), (Fraction(1, 2), "1"), (72.4, "72"), (None, "–")],
)
def test_score_rounds_halves_up(points, shown):
    assert texts.score(points) == shown


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (1234567, "", "1,234,567"),
        (12, "套", "12 套"),
        (0.5, "", "0.5"),
        (100, "", "100"),
        (Decimal("10.00"), "", "10"),
        (None, "套", "–"),
    ],
)
def test_number_or_none(value, unit, shown):
    assert texts.number_or_none(value, unit) == shown


def test_dates_in_text_and_tables():
    day = date(2026, 11, 3)
    assert texts.long_date(day) == "2026年11月3日"
    assert texts.short_date(day) == "2026-11-03"
    with translation.override("en"):
        assert texts.long_date(day) == "3 November 2026"


def test_times_are_those_of_the_city():
    late = datetime(2026, 11, 23, 17, 5, tzinfo=UTC)
    assert texts.long_time(late) == "2026年11月24日 01:05"
    assert texts.short_time(late) == "2026-11-24 01:05"
    assert texts.long_date(late) == "2026年11月24日"


@pytest.mark.parametrize(
    "show", [texts.long_date, texts.short_date, texts.long_time, texts.short_time]
)
def test_a_missing_date_is_a_dash(show):
    assert show(None) == "–"


@pytest.mark.parametrize(
    ("size", "shown"),
    [(0, "1 KB"), (2048, "2 KB"), (1572864, "1.5 MB"), (None, "–")],
)
def test_file_size(size, shown):
    assert texts.file_size(size) == shown


def test_joined_and_spaced():
    assert texts.joined([BOTH, "采购"]) == "保密、采购"
    assert texts.spaced_code("ABCDEFGHIJ") == "ABCD EFGH IJ"
