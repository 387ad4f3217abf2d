"""What the machine must have: libraries and a Chinese font with a bold face."""

from pathlib import Path

import pytest

from backend import fonts as files
from reports import checks, fonts


def test_this_machine_is_fit():
    assert [*checks.check_libraries(), *checks.check_fonts()] == []


def test_a_missing_library_names_the_package(monkeypatch):
    monkeypatch.setattr(checks, "LIBRARIES", {"libnone.so.9": "libnone9"})
    [problem] = checks.check_libraries()
    assert "apt-get install -y --no-install-recommends libnone9" in problem.hint


def test_missing_fonts_name_the_package(monkeypatch, tmp_path):
    monkeypatch.setattr(files, "DEBIAN_FONTS", tmp_path)
    [problem] = checks.check_fonts()
    assert "apt-get install -y --no-install-recommends fonts-noto-cjk" in problem.hint
    with pytest.raises(files.FontsMissing):
        fonts.configure_fonts()


def test_an_own_folder_needs_regular_and_bold(settings, tmp_path):
    settings.REPORT_FONT_DIR = str(tmp_path)
    (tmp_path / "NotoSansSC-Regular.otf").touch()
    assert [problem.id for problem in checks.check_fonts()] == ["reports.E002"]
    (tmp_path / "NotoSansSC-Bold.otf").touch()
    assert checks.check_fonts() == []
    assert [file.name for file in files.font_files()] == [
        "NotoSansSC-Bold.otf",
        "NotoSansSC-Regular.otf",
    ]


def test_only_our_fonts_are_seen(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("FONTCONFIG_FILE", "")
    settings.DATA_DIR = tmp_path
    path = fonts.configure_fonts()
    links = sorted(link.name for link in (tmp_path / "fonts/files").iterdir())
    assert links == [
        "000-NotoSansCJK-Regular.ttc",
        "001-NotoSansCJK-Bold.ttc",
        "002-NotoSerifCJK-Regular.ttc",
        "003-NotoSerifCJK-Bold.ttc",
    ]
    text = path.read_text()
    assert text.count("<dir>") == 1
    assert "/usr/share/fonts" not in text


def test_changed_fonts_are_linked_anew(settings, tmp_path, monkeypatch):
    monkeypatch.setenv("FONTCONFIG_FILE", "")
    settings.DATA_DIR = tmp_path / "data"
    fonts.configure_fonts()
    own = tmp_path / "own"
    own.mkdir()
    (own / "Other-Bold.ttf").touch()
    settings.REPORT_FONT_DIR = str(own)
    fonts.configure_fonts()
    [link] = (tmp_path / "data/fonts/files").iterdir()
    assert link.readlink() == Path(own / "Other-Bold.ttf")
