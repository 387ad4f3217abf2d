"""The report of a demo enterprise, printed in a fresh process.

`python -m tools.bench.printing` prints seconds, MiB and pages; `DATA_DIR` says where
the database is that holds the demo.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import django

from tools.bench.table import Figure


def printing_figures() -> Iterator[Figure]:
    """Yield seconds, memory, pages and size of a report."""
    done = subprocess.run(
        [sys.executable, "-m", "tools.bench.printing"],
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout.splitlines()[-1])
    yield Figure("report: pages", found["pages"], "")
    yield Figure("report: first in a process, plan and imports", found["first"], "s")
    yield Figure("report: another one", found["second"], "s")
    yield Figure(
        "report: the same for 25 pages", found["second"] * 25 / found["pages"], "s", 3
    )
    yield Figure("report: largest memory", found["mebibytes"], "MiB", 300)
    yield Figure("report: size of the file", found["kilobytes"], "KB", 2048)


def _print_twice() -> dict[str, float]:
    # Models can be imported only after Django's setup.
    from assessments.models import Assessment  # noqa: PLC0415
    from reports.rendering import render  # noqa: PLC0415
    from reports.services import request_report  # noqa: PLC0415

    assessment = Assessment.objects.submitted().first()
    if assessment is None:
        raise RuntimeError("there is no submitted assessment")
    report = request_report(
        assessment=assessment, locale="zh-hans", actor=None, at=assessment.submitted_at
    )
    times: list[float] = []
    peak = 0
    for _time in range(3):
        started = time.perf_counter()
        rendered = render(report)
        times.append(time.perf_counter() - started)
        if not peak:
            # A worker's child ends after a while; the first report tells its need.
            peak = _peak_kibibytes()
    return {
        "pages": rendered.pages,
        "first": times[0],
        "second": min(times[1:]),
        "mebibytes": peak / 1024,
        "kilobytes": len(rendered.content) / 1024,
    }


def _peak_kibibytes() -> int:
    """Return the most memory this process ever held.

    Not `ru_maxrss`: on Linux a child inherits its parent's, and the bench is large.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    django.setup()
    sys.stdout.write(json.dumps(_print_twice()) + "\n")
