"""The scoring tests notice every known way to get scoring wrong."""

import importlib.util
import sys
from pathlib import Path

TOOL = Path(__file__).resolve().parents[2] / "tools/mutants.py"


def test_no_mutant_survives():
    spec = importlib.util.spec_from_file_location("mutants", TOOL)
    mutants = importlib.util.module_from_spec(spec)
    sys.modules["mutants"] = mutants
    spec.loader.exec_module(mutants)

    assert [mutant.name for mutant in mutants.survivors()] == []
