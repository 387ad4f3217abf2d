"""From a fresh copy to the first page, and what the running service weighs."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from tools.bench.table import Figure

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 280.0
SETTLE = 4.0
_OWN = ("DATA_DIR", "DATABASE_URL", "DJANGO_SETTINGS_MODULE", "API_RATE_USER")


def service_figures() -> Iterator[Figure]:
    """Copy the working tree, run `make run` there, ask until it answers, weigh it."""
    with tempfile.TemporaryDirectory(prefix="ip-readiness-bench-") as folder:
        copy = Path(folder) / "copy"
        _copy_tree(copy)
        port = _free_port()
        environment = {
            key: value for key, value in os.environ.items() if key not in _OWN
        } | {"PORT": str(port)}
        started = time.monotonic()
        with (Path(folder) / "log").open("wb") as log:
            process = subprocess.Popen(
                ["make", "run"], cwd=copy, env=environment,
                stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
            try:
                _wait_for(port, process, Path(log.name))
                taken = time.monotonic() - started
                time.sleep(SETTLE)
                memory = sum(_share(pid) for pid in _family(process.pid))
            finally:
                _end(process)
    yield Figure("fresh copy to first page (make run)", taken, "s", 180)
    yield Figure("memory of the whole service", memory, "MiB", 800)


def _copy_tree(target: Path) -> None:
    """Copy what git tracks or would track: what a clone of the next commit holds."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    for name in filter(None, listed.split("\0")):
        source = ROOT / name
        if source.is_file():
            place = target / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, place)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the first page answers; raise with the log's end when none does."""
    url = f"http://127.0.0.1:{port}/"
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"make run ended:\n{log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError(f"no page after {LONGEST:.0f} s")


def _family(pid: int) -> Iterator[int]:
    """Yield a process and everything it started."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from _family(int(child))


def _share(pid: int) -> float:
    """Return a process's proportional share of memory in MiB."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0.0
    [line] = [line for line in text.splitlines() if line.startswith("Pss:")]
    return int(line.split()[1]) / 1024


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the service and all it started: the group of its own session."""
    if process.poll() is not None:
        return
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(40)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
