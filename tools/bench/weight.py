"""What a first visit to an answering page transfers, compressed."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path

from django.contrib.staticfiles import finders

from tools.bench.table import Figure

SCRIPT = re.compile(r'<script[^>]+src="/static/([^"]+)"')
STYLE = re.compile(r'<link rel="stylesheet" href="/static/([^"]+)"')
IMPORT = re.compile(r'from\s+"\./([^"]+)"')


def weight_figures(html: str) -> Iterator[Figure]:
    """Yield the compressed sizes of the page, its scripts and its styles."""
    styles = [_file(name) for name in STYLE.findall(html)]
    scripts = sorted(
        {file for name in SCRIPT.findall(html) for file in _with_imports(_file(name))}
    )
    yield Figure("first page: HTML, gz", _compressed([html.encode()]), "KB", 40)
    yield Figure("first page: scripts, gz", _weight(scripts), "KB", 60)
    yield Figure("first page: styles, gz", _weight(styles), "KB", 30)
    yield Figure("first page: requests", 1 + len(scripts) + len(styles), "", 25)


def _file(name: str) -> Path:
    found = finders.find(name)
    if not isinstance(found, str):
        raise FileNotFoundError(name)
    return Path(found)


def _with_imports(script: Path) -> set[Path]:
    """Return a module with every module it imports."""
    found, waiting = set(), [script]
    while waiting:
        module = waiting.pop()
        if module not in found:
            found.add(module)
            names = IMPORT.findall(module.read_text("utf-8"))
            waiting += [module.parent / name for name in names]
    return found


def _weight(files: list[Path]) -> float:
    return _compressed([file.read_bytes() for file in files])


def _compressed(contents: list[bytes]) -> float:
    """Return kilobytes; each file is compressed by itself, as it is served."""
    return sum(len(gzip.compress(content, 6)) for content in contents) / 1024
