"""`.env.example` is complete, and wrong settings stop the start with their name."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
READ = re.compile(r'(?:env\.\w+|_choice|_whole_number)\(\s*"([A-Z_]+)"')
LISTED = re.compile(r"^([A-Z_]+)=", re.MULTILINE)


def test_the_example_lists_exactly_the_variables_that_are_read():
    read = set(READ.findall((ROOT / "backend" / "settings.py").read_text()))
    read |= {"REPORT_FONT_DIR"}
    assert set(LISTED.findall((ROOT / ".env.example").read_text())) == read


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("SECRET_KEY", "short"),
        ("SITE_URL", "example.com"),
        ("DATABASE_URL", "mysql://root@127.0.0.1/x"),
        ("CACHE_URL", "memcached://127.0.0.1"),
        ("CELERY_BROKER_URL", "kafka://127.0.0.1"),
        ("EMAIL_VERIFICATION", "sometimes"),
        ("LOG_LEVEL", "LOUD"),
        ("EVIDENCE_MAX_MB", "-1"),
        ("SESSION_IDLE_MINUTES", "1"),
    ],
)
def test_a_wrong_setting_stops_the_start_and_is_named(name, value, tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", "import backend.settings"],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(tmp_path), name: value},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert name in done.stderr.splitlines()[-1]


def test_links_in_mails_are_not_printed_to_the_log_of_a_public_service(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", "import backend.settings"],
        cwd=ROOT,
        env={
            **os.environ,
            "DATA_DIR": str(tmp_path),
            "SITE_URL": "https://readiness.example",
            "EMAIL_URL": "",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "EMAIL_URL" in done.stderr


def test_the_secret_key_is_made_once_and_kept_private(tmp_path):
    def key() -> str:
        program = "import backend.settings as s; print(s.SECRET_KEY)"
        env = {**os.environ, "DATA_DIR": str(tmp_path), "SECRET_KEY": ""}
        return subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT, env=env, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip

    assert key() == key()
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600
