"""The font files texts are drawn with, on paper and in pictures."""

from pathlib import Path

from django.conf import settings

DEBIAN_FONTS = Path("/usr/share/fonts/opentype/noto")
DEBIAN_FILES = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJK-Bold.ttc",
    "NotoSerifCJK-Regular.ttc",
    "NotoSerifCJK-Bold.ttc",
)
PACKAGE = "fonts-noto-cjk"
_SUFFIXES = {".ttc", ".ttf", ".otf"}


class FontsMissing(RuntimeError):
    """There is no Chinese font to set a text in."""

    def __init__(self) -> None:
        super().__init__(f"apt-get install -y --no-install-recommends {PACKAGE}")


def font_files() -> tuple[Path, ...]:
    """Return the font files to use: of REPORT_FONT_DIR, or else Debian's four.

    Reports and pictures are set in the sans family, bulletins in both.
    """
    if settings.REPORT_FONT_DIR:
        folder = Path(settings.REPORT_FONT_DIR)
        found = (p for p in folder.rglob("*") if p.suffix.lower() in _SUFFIXES)
        return tuple(sorted(found))
    return tuple(p for p in (DEBIAN_FONTS / n for n in DEBIAN_FILES) if p.is_file())
