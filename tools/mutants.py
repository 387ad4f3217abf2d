"""Break the scoring on purpose and show that the engine's tests notice.

Each mutant is a known way to get scoring wrong. It is applied to a copy of the engine,
and the tests named for it must fail there. Run `python tools/mutants.py`; the exit
status is 1 when a mutant survives.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENGINE = "question_bank/engine"
WORKERS = 2


@dataclass(frozen=True)
class Mutant:
    """A fault: replacements of text in one module, and the tests that must notice."""

    name: str
    module: str
    replacements: tuple[tuple[str, str], ...]
    killers: tuple[str, ...]


MUTANTS = (
    Mutant(
        "an unanswered item is treated as not applicable",
        "rating.py",
        (
            (
                'return _nothing(question, "unanswered", spec.weight)',
                'return Rating(question, "na")',
            ),
        ),
        ("test_22",),
    ),
    Mutant(
        "not applicable counts as zero",
        "rating.py",
        (
            (
                'return Rating(question, "na")',
                'return _nothing(question, "counted", spec.weight)',
            ),
        ),
        ("test_10",),
    ),
    Mutant(
        "not applicable counts as full",
        "rating.py",
        (
            (
                'return Rating(question, "na")',
                'return _rate_value(scheme, spec, 4, "counted", spec.weight, strength)',
            ),
        ),
        ("test_10",),
    ),
    Mutant(
        "a hidden item counts",
        "rating.py",
        (
            (
                'ratings.append(Rating(question, "hidden"))',
                "ratings.append(_rate_one(scheme, spec, sheet, applicability))",
            ),
        ),
        ("test_04",),
    ),
    Mutant(
        "an item of unknown applicability counts as zero",
        "rating.py",
        (
            (
                'ratings.append(Rating(question, "unknown", weight=spec.weight))',
                'ratings.append(_nothing(question, "unanswered", spec.weight))',
            ),
        ),
        ("test_22",),
    ),
    Mutant(
        "an empty section scores 0",
        "totals.py",
        (
            (
                "return Fraction(part) / whole if whole else None",
                "return Fraction(part) / whole if whole else Fraction(0)",
            ),
        ),
        ("test_10",),
    ),
    Mutant(
        "an empty section scores 100",
        "totals.py",
        (
            (
                "return _quotient(100 * points, weight * units.point)",
                (
                    "return _quotient(100 * points, weight * units.point)"
                    " if weight else Fraction(100)"
                ),
            ),
        ),
        ("test_10",),
    ),
    Mutant(
        "the weight of an empty section is not given to the others",
        "totals.py",
        (
            (
                "            weights += section.weight\n",
                "        weights += section.weight\n",
            ),
        ),
        ("test_18",),
    ),
    Mutant(
        "a cap multiplies the total",
        "totals.py",
        (
            (
                "return None if total is None else min([total, *caps])",
                (
                    "return None if total is None else"
                    " total * min([Fraction(100), *caps]) / 100"
                ),
            ),
        ),
        ("test_11",),
    ),
    Mutant(
        "a cap replaces the total",
        "totals.py",
        (
            (
                "return None if total is None else min([total, *caps])",
                "return None if total is None else min(list(caps) or [total])",
            ),
        ),
        ("test_11",),
    ),
    Mutant(
        "an unanswered mandatory item is no gate",
        "gates.py",
        (
            (
                '            state: GateState = "open"',
                "            continue",
            ),
            (
                '            state = "failed" if',
                '            state: GateState = "failed" if',
            ),
        ),
        ("test_mandatory_item",),
    ),
    Mutant(
        "an unanswered mandatory item is not capped",
        "rating.py",
        (
            (
                "if mandatory is None or rating.state not in COUNTING_STATES:",
                'if mandatory is None or rating.state != "counted":',
            ),
        ),
        ("test_mandatory_item",),
    ),
    Mutant(
        "the band is taken from the displayed total",
        "scoring.py",
        (
            (
                "    majors = sum(finding.severity",
                (
                    "    reached_self = Fraction(display(reached_self))\n"
                    "    majors = sum(finding.severity"
                ),
            ),
        ),
        ("test_15",),
    ),
    Mutant(
        "items are pooled across sections",
        "totals.py",
        (
            (
                "self_raw = total_of(sections, lambda section: section.self_score)",
                (
                    "counted = [r for r in ratings if r.state != 'unknown']\n"
                    "    self_raw = _percent(sum(r.weight * r.points for r in counted),"
                    " sum(r.weight for r in counted), scheme_of(bank).units)\n"
                    "    counted = [(i, cap) for i, cap, s in caps if s != 'unknown']"
                ),
            ),
        ),
        ("test_21",),
    ),
    Mutant(
        "sections are rounded before they are added",
        "totals.py",
        (
            (
                "import ClauseScore, SectionScore",
                "import ClauseScore, SectionScore, display",
            ),
            (
                "total += section.weight * value",
                "total += section.weight * Fraction(display(value))",
            ),
        ),
        ("test_22",),
    ),
    Mutant(
        "an event that did not occur keeps its full weight",
        "rating.py",
        (("half = spec.half_weight", "half = spec.weight"),),
        ("test_totals_are",),
    ),
    Mutant(
        "evidence does not limit the evidenced score",
        "rating.py",
        (("min(points, scheme.caps[strength])", "points"),),
        ("test_sections_are",),
    ),
    Mutant(
        "a systemic section is counted beside its critical items",
        "findings.py",
        (("        if place is None:", "        if True:"),),
        ("test_exactly_three_majors",),
    ),
)


def survives(mutant: Mutant) -> bool:
    """Return whether the tests named for a mutant pass although it is there."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        _copy_engine(copy)
        _apply(mutant, copy / ENGINE / mutant.module)
        return _passes(copy, mutant.killers)


def unmutated_passes() -> bool:
    """Return whether the tests pass on an untouched copy, so that a kill means much."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        _copy_engine(copy)
        return _passes(copy, tuple({name for m in MUTANTS for name in m.killers}))


def _copy_engine(target: Path) -> None:
    for name in (ENGINE, "tests/engine"):
        shutil.copytree(
            ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in ("question_bank/__init__.py", "tests/__init__.py"):
        shutil.copy(ROOT / name, target / name)
    (target / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")


def _apply(mutant: Mutant, module: Path) -> None:
    source = module.read_text(encoding="utf-8")
    for old, new in mutant.replacements:
        if source.count(old) != 1:
            raise LookupError(
                f"{mutant.name}: {old!r} must occur once in {module.name}"
            )
        source = source.replace(old, new)
    compile(source, module.name, "exec")
    module.write_text(source, encoding="utf-8")


def _passes(copy: Path, tests: tuple[str, ...]) -> bool:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "--noconftest", "--tb=line"]
    command += ["-p", "no:cacheprovider", "-k", " or ".join(tests)]
    command += [
        f"tests/engine/test_{name}.py" for name in ("invariants", "worked_example")
    ]
    env = {**os.environ, "ENGINE_QUICK": "1", "PYTHONPATH": str(copy)}
    # The project's other plugins take seconds to load and are not needed here.
    env["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    env.pop("DJANGO_SETTINGS_MODULE", None)
    result = subprocess.run(
        command, cwd=copy, env=env, capture_output=True, check=False
    )
    output = result.stdout.decode() + result.stderr.decode()
    # A mutant that crashes proves nothing about the tests.
    fell = re.search(r"\.py:\d+: (assert|AssertionError)", output)
    if result.returncode != 0 and not fell:
        raise RuntimeError(output[-2000:])
    return result.returncode == 0


def main() -> int:
    """Try every mutant; return 1 when one survives."""
    if not unmutated_passes():
        print("The tests fail without any mutant.")
        return 1
    alive = survivors()
    for mutant in MUTANTS:
        print(f"{'SURVIVED' if mutant in alive else 'killed  '}  {mutant.name}")
    return int(bool(alive))


def survivors() -> list[Mutant]:
    """Return the mutants that no test notices."""
    with ThreadPoolExecutor(WORKERS) as pool:
        results = list(pool.map(survives, MUTANTS))
    return [m for m, survived in zip(MUTANTS, results, strict=True) if survived]


if __name__ == "__main__":
    sys.exit(main())
