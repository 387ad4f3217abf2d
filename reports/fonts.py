"""The fonts reports are set in: an own fontconfig with nothing else in it.

With the machine's whole font set the result would differ from machine to machine,
and a missing glyph would silently come from a font of another style.
"""

import os
from pathlib import Path
from tempfile import NamedTemporaryFile
from xml.sax.saxutils import escape

from django.conf import settings

from backend.fonts import FontsMissing, font_files

_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <config><rescan><int>0</int></rescan></config>
</fontconfig>
"""


def configure_fonts() -> Path:
    """Point fontconfig at our fonts alone; must run before WeasyPrint is imported.

    Returns the configuration file. Raises FontsMissing when there is no font.
    """
    files = font_files()
    if not files:
        raise FontsMissing
    home = Path(settings.DATA_DIR) / "fonts"
    links = home / "files"
    for folder in (links, home / "cache"):
        folder.mkdir(parents=True, exist_ok=True)
    _link(links, files)
    path = home / "fonts.conf"
    text = _CONFIGURATION.format(
        fonts=escape(str(links)), cache=escape(str(home / "cache"))
    )
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        _replace(path, text)
    os.environ["FONTCONFIG_FILE"] = str(path)
    return path


def _link(folder: Path, files: tuple[Path, ...]) -> None:
    """Make the folder hold links to exactly these files."""
    wanted = {f"{number:03d}-{file.name}": file for number, file in enumerate(files)}
    for old in folder.iterdir():
        if old.name not in wanted or old.readlink() != wanted[old.name]:
            old.unlink(missing_ok=True)
    for name, file in wanted.items():
        try:
            (folder / name).symlink_to(file)
        except FileExistsError:
            # Made before, or by another worker that starts at the same time.
            continue


def _replace(path: Path, text: str) -> None:
    with NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, delete=False
    ) as file:
        file.write(text)
    Path(file.name).replace(path)
