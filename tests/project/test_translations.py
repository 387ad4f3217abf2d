"""Every text has its English, and nothing visible is left out of the catalogue."""

import re
from pathlib import Path

import polib
import pytest

from tests.project.message_ids import (
    CHINESE,
    ROOT,
    all_message_ids,
    in_python,
    in_template,
    templates,
    untranslatable,
)

CATALOGUE = ROOT / "frontend" / "locale" / "en" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%|</?\w+")
MESSAGES = all_message_ids()
NOT_ASCII = re.compile(r"[^\x00-\x7f]")
ENTRIES = (
    [entry for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete]
    if CATALOGUE.exists()
    else []
)


def english(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def test_every_text_is_in_the_catalogue():
    known = {entry.msgid for entry in ENTRIES} | {e.msgid_plural for e in ENTRIES}
    missing = {text: place for text, place in MESSAGES.items() if text not in known}
    assert missing == {}


def test_the_catalogue_holds_nothing_that_is_gone():
    words = {entry.msgid for entry in ENTRIES}
    assert words - set(MESSAGES) == set()


def test_every_entry_is_translated():
    open_ones = [entry.msgid for entry in ENTRIES if not all(english(entry))]
    assert open_ones == []


def test_no_entry_is_a_guess():
    assert [entry.msgid for entry in ENTRIES if entry.fuzzy] == []


def test_a_translation_has_the_placeholders_of_its_text():
    different = [
        (entry.msgid, text)
        for entry in ENTRIES
        for text in filter(None, english(entry))
        if sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(entry.msgid))
    ]
    assert different == []


def test_no_english_text_holds_chinese():
    mixed = [e.msgid for e in ENTRIES if any(CHINESE.search(t) for t in english(e))]
    assert mixed == []


def test_message_ids_are_chinese():
    other = {
        text: place for text, place in MESSAGES.items() if not NOT_ASCII.search(text)
    }
    assert other == {}


@pytest.mark.parametrize(
    "path",
    [path for path in templates() if path.name != "500.html"],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_a_template_shows_no_text_past_the_catalogue(path: Path):
    """500.html speaks both languages at once: nothing may be asked when it shows."""
    assert list(untranslatable(path.read_text("utf-8"))) == []


def test_texts_are_found_in_modules_and_templates():
    module = 'x = _("甲" "乙")\ny = ngettext("%(n)s 项", "%(n)s 多项", n)\nz = f("丙")'
    assert list(in_python(module)) == ["甲乙", "%(n)s 项", "%(n)s 多项"]
    template = (
        '{% load i18n %}{% translate "丁" %}{% include "x" with a=_("戊") %}'
        "{% blocktranslate trimmed with a=b %}\n 己 {{ a }}\n{% endblocktranslate %}"
        "{{ _('庚') }}"
    )
    assert list(in_template(template)) == ["丁", "戊", "己 %(a)s", "庚"]
    assert list(untranslatable(f"{template} 辛 {{# 壬 #}}")) == ["辛"]


def test_each_text_stands_in_the_catalogue_once():
    polib.pofile(str(CATALOGUE), check_for_duplicates=True)
