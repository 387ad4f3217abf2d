"""Compile the translation catalogues without msgfmt."""

from pathlib import Path

import polib

LOCALES = Path(__file__).resolve().parent.parent / "frontend" / "locale"


def main() -> None:
    """Write a .mo file beside every .po file that is newer."""
    for source in LOCALES.glob("*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))


if __name__ == "__main__":
    main()
