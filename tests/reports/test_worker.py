"""A real worker on the queue without a server, killed in the middle of its work."""

import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pypdf import PdfReader

ROOT = Path(__file__).resolve().parents[2]
WORKER = [
    "celery",
    "-A",
    "backend",
    "worker",
    "--concurrency",
    "1",
    "--loglevel",
    "WARNING",
]

pytestmark = pytest.mark.worker


@pytest.fixture
def world(tmp_path):
    """Return the environment of a service whose one assessment was just submitted."""
    left_out = ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "STORAGE_BUCKET")
    env = {key: value for key, value in os.environ.items() if key not in left_out}
    env |= {
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "backend.settings",
        "REPORT_LEASE_SECONDS": "5",
        "DEMO": "off",
    }
    run(env, "-m", "tests.reports.worker_world")
    return env


def run(env, *arguments):
    subprocess.run([sys.executable, *arguments], cwd=ROOT, env=env, check=True)


@pytest.fixture
def start_worker(world):
    """Return a function that starts a worker in a process group of its own."""
    started = []

    def start():
        command = [sys.executable, "-m", *WORKER]
        process = subprocess.Popen(command, cwd=ROOT, env=world, start_new_session=True)
        started.append(process)
        return process

    yield start
    for process in started:
        kill(process)


def kill(process):
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def row(world):
    path = Path(world["DATA_DIR"]) / "database.sqlite3"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20) as database:
        found = database.execute(
            "SELECT state, attempt, key, sha256 FROM reports_report"
        ).fetchall()
    database.close()
    assert len(found) == 1
    return found[0]


def wait_for(world, state, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if row(world)[0] == state:
            return
        time.sleep(0.01)
    pytest.fail(f"the report is not {state} after {seconds} s but {row(world)}")


def files(world):
    return sorted((Path(world["DATA_DIR"]) / "files" / "reports").glob("*"))


def test_a_killed_worker_leaves_one_report_and_not_half_of_one(world, start_worker):
    first = start_worker()
    wait_for(world, "rendering")
    kill(first)
    assert row(world)[:2] == ("rendering", 1)
    assert files(world) == []
    start_worker()
    time.sleep(5.5)  # the dead worker's lease
    run(world, "manage.py", "sweep_reports")
    wait_for(world, "ready")
    _state, attempt, key, sha256 = row(world)
    [file] = files(world)
    assert attempt == 2
    assert file.name == Path(key).name
    assert hashlib.sha256(file.read_bytes()).hexdigest() == sha256
    assert len(PdfReader(file).pages) >= 5
    run(world, "manage.py", "sweep_reports")
    time.sleep(1)
    assert (row(world)[1], files(world)) == (2, [file])
