"""What every process carries from its start: nothing that only some work needs."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("scipy", "weasyprint", "matplotlib", "openpyxl")
START = f"""
import sys
import django
django.setup()
from django.urls import get_resolver
from backend.celery import app
get_resolver().url_patterns
app.loader.import_default_modules()
print(*(name for name in {HEAVY!r} if name in sys.modules))
"""


def test_pages_and_tasks_load_no_solver_and_no_printer(tmp_path):
    """Each weighs tens of megabytes in every process, and half a second."""
    environment = os.environ | {
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "backend.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", START],
        cwd=ROOT, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == []
