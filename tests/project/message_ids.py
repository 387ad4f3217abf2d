"""Finds every text that is to be translated, without xgettext."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.template.base import Lexer, TokenType
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "backend",
    "accounts",
    "question_bank",
    "assessments",
    "reviews",
    "oversight",
    "reports",
    "frontend",
)
SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CHINESE = re.compile(r"[\u3400-\u9fff]")
CALL = re.compile(
    r"\b(?:_|n?gettext|gettext_noop)\(\s*"
    r"(u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))"
    r"(?:\s*,\s*(u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")))?",
    re.DOTALL,
)


def files(pattern: str) -> list[Path]:
    """Return the service's own files of a kind."""
    return sorted(
        path
        for room in ROOMS
        for path in (ROOT / room).rglob(pattern)
        if "migrations" not in path.parts
    )


def templates() -> list[Path]:
    """Return the templates: pages, mails and the report."""
    return [
        path
        for pattern in ("*.html", "*.txt")
        for path in files(pattern)
        if "templates" in path.parts
    ]


def in_python(text: str) -> Iterator[str]:
    """Yield the texts that a module hands to gettext."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        wanted = 1 if name in SINGULAR else 2 if name in PLURAL else 0
        for argument in node.args[:wanted]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def in_template(text: str) -> Iterator[str]:
    """Yield the texts of translation tags, as makemessages would see them."""
    for match in CALL.finditer(templatize(text)):
        for literal in match.groups():
            if literal:
                yield ast.literal_eval(literal)


def all_message_ids() -> dict[str, str]:
    """Return every message id with the file it was found in."""
    found: dict[str, str] = {}
    for paths, extract in ((files("*.py"), in_python), (templates(), in_template)):
        for path in paths:
            place = str(path.relative_to(ROOT))
            for message in extract(path.read_text("utf-8")):
                found.setdefault(message, place)
    return found


def untranslatable(text: str) -> Iterator[str]:
    """Yield Chinese words of a template that stand outside of translation tags."""
    depth = 0
    for token in Lexer(text).tokenize():
        if token.token_type == TokenType.BLOCK:
            name = token.contents.split()[0]
            depth += name in ("blocktranslate", "blocktrans", "comment")
            depth -= name in ("endblocktranslate", "endblocktrans", "endcomment")
        elif token.token_type == TokenType.TEXT and not depth:
            yield from (
                line.strip()
                for line in token.contents.splitlines()
                if CHINESE.search(line)
            )
