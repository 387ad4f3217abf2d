"""Measure speed, memory and growth and print one table: `python -m tools.bench`.

Everything is measured on this machine, now, in a database of its own. Figures above
their goal are marked MISSED; the exit status tells whether there were any.
"""

import io
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import django
from django.core.management import call_command

from tools.bench.table import Figure, Skipped, show

SMALL = Path(__file__).resolve().parents[2] / "tests" / "banks" / "small"


def main() -> int:
    """Measure everything; return the exit status."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="ip-readiness-bench-") as folder:
        # Read by the settings and by every process that is started from here.
        os.environ |= {"DATA_DIR": folder, "API_RATE_USER": "1000000/min"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tools.bench.settings")
        Path(folder, "static").mkdir()
        django.setup()
        call_command("migrate", verbosity=0)
        call_command("publish_banks", verbosity=0)
        figures = []
        for figure in _figures():
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{figure.what[:70]:<72}")
            figures.append(figure)
    if sys.stderr.isatty():
        sys.stderr.write("\r" + " " * 74 + "\r")
    sys.stdout.write(show(figures) + "\n")
    sys.stdout.write(f"measured in {time.monotonic() - started:.0f} s\n")
    return int(any(figure.line()[3] == "MISSED" for figure in figures))


def _figures() -> Iterator[Figure | Skipped]:
    # These modules need the models, which exist only after Django's setup.
    from question_bank.selectors import compiled_bank, offered_version  # noqa: PLC0415
    from question_bank.source import load_bank  # noqa: PLC0415
    from tools.bench.banks import bank_figures  # noqa: PLC0415
    from tools.bench.city import city_figures  # noqa: PLC0415
    from tools.bench.disclosure import disclosure_figures  # noqa: PLC0415
    from tools.bench.engine import engine_figures  # noqa: PLC0415
    from tools.bench.importing import importing_figures  # noqa: PLC0415
    from tools.bench.moving import moving_figures  # noqa: PLC0415
    from tools.bench.printing import printing_figures  # noqa: PLC0415
    from tools.bench.saving import answering_page, saving_figures  # noqa: PLC0415
    from tools.bench.service import service_figures  # noqa: PLC0415
    from tools.bench.weight import weight_figures  # noqa: PLC0415
    from tools.bench.workbench import workbench_figures  # noqa: PLC0415

    real = compiled_bank(offered_version().sha256)
    small, problems = load_bank(SMALL)
    if small is None:
        raise RuntimeError("\n".join(map(str, problems)))
    call_command("seed_demo", without_city=True, stdout=io.StringIO())
    yield from saving_figures(small, real)
    yield from bank_figures()
    yield from moving_figures(real)
    yield from importing_figures()
    yield from workbench_figures()
    yield from weight_figures(answering_page(real))
    yield from printing_figures()
    yield from engine_figures(real)
    yield from disclosure_figures()
    yield from city_figures()
    yield from service_figures()


if __name__ == "__main__":
    sys.exit(main())
