"""The engine is plain Python: it imports no framework and does no input or output."""

import ast
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import question_bank.engine

ROOT = Path(__file__).resolve().parents[2]
MODULES = [
    f"question_bank.engine.{module.name}"
    for module in pkgutil.iter_modules(question_bank.engine.__path__)
]
FORBIDDEN = (
    "django",
    "rest_framework",
    "celery",
    "yaml",
    "weasyprint",
    "numpy",
    "scipy",
)
IMPURE = {"os", "pathlib", "io", "socket", "subprocess", "time", "random", "logging"}


def test_engine_imports_without_any_framework():
    program = (
        "import sys\n"
        f"for name in {FORBIDDEN!r}: sys.modules[name] = None\n"
        f"for name in {MODULES!r}: __import__(name)\n"
        "from tests.engine.worked_example import example_bank, example_sheet\n"
        "from question_bank.engine.scoring import score\n"
        "assert score(example_bank(), example_sheet()).band == 'X'\n"
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


@pytest.mark.parametrize("name", MODULES)
def test_engine_module_reads_no_clock_file_or_network(name):
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
