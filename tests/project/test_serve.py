"""One command serves everything, keeps its children alive and leaves none behind."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.worker, pytest.mark.xdist_group("processes")]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(what: Callable[[], object], seconds: float) -> object:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError):
            if found := what():
                return found
        time.sleep(0.2)
    raise AssertionError(f"not within {seconds} s")


def children(parent: int) -> dict[int, str]:
    """Return the command lines of a process's direct children."""
    ids = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return {
        int(pid): Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
        for pid in ids
    }


def worker_of(parent: int) -> int | None:
    found = [pid for pid, line in children(parent).items() if " worker " in line]
    return found[0] if found else None


@pytest.fixture
def service(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    port = free_port()
    env = {
        **os.environ,
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": "",
        "PORT": str(port),
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DEMO": "off",
        "WEB_WORKERS": "1",
        "TASK_WORKERS": "1",
        "DJANGO_SETTINGS_MODULE": "backend.settings",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "backend.serve"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process, f"http://127.0.0.1:{port}/"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def test_it_serves_revives_a_killed_worker_and_stops_clean(service):
    process, url = service
    wait_for(lambda: urllib.request.urlopen(url, timeout=5).status == 200, 120)

    first = wait_for(lambda: worker_of(process.pid), 30)
    os.kill(first, signal.SIGKILL)
    second = wait_for(
        lambda: (pid := worker_of(process.pid)) and pid != first and pid, 30
    )

    family = [*children(process.pid), second]
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    wait_for(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family), 20)
