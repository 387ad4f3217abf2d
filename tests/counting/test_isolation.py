"""Counting is plain Python: no framework, no file, no clock, no unseeded chance."""

import ast
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import oversight.counting

ROOT = Path(__file__).resolve().parents[2]
MODULES = [
    f"oversight.counting.{module.name}"
    for module in pkgutil.iter_modules(oversight.counting.__path__)
]
FORBIDDEN = ("django", "rest_framework", "celery", "yaml", "weasyprint", "scipy")
IMPURE = {"os", "pathlib", "io", "socket", "subprocess", "time", "random", "logging"}


def test_counting_imports_without_any_framework():
    program = (
        "import sys\n"
        f"for name in {FORBIDDEN!r}: sys.modules[name] = None\n"
        f"for name in {MODULES!r}: __import__(name)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )

    assert result.stderr.decode() == ""
    assert result.returncode == 0


def test_counts_load_no_numerics():
    """Only the forecast needs numpy; counting in a web process stays light."""
    program = (
        "import sys\nsys.modules['numpy'] = None\n"
        "import oversight.counting.counting_rules, oversight.counting.wording\n"
        "import oversight.counting.pipeline, oversight.counting.ranking\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )

    assert result.stderr.decode() == ""


@pytest.mark.parametrize("name", MODULES)
def test_module_reads_no_clock_file_or_network(name):
    source = ROOT.joinpath(*name.split(".")).with_suffix(".py").read_text("utf-8")
    imported = {
        alias.name.split(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import)
        for alias in node.names
    } | {
        (node.module or "").split(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom)
    }

    assert imported & IMPURE == set()
    for call in ("open(", "print(", ".today()", ".now("):
        assert call not in source
