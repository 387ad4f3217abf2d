"""Run the whole service with one command: web, worker and scheduler.

`python -m backend.serve` prepares the database and the static files (`prepare.py`),
then keeps three child processes running. A child that ends is started again after a
pause that doubles up to thirty seconds; all children end with this process, even
when it is killed.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from django.conf import settings

PR_SET_PDEATHSIG = 1
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0


@dataclass
class Child:
    """One process to keep alive."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = 1.0
    start_at: float = field(default=0.0)

    def tend(self, now: float) -> None:
        """Start the process if it is due; notice if it has ended."""
        if self.process is None:
            if now >= self.start_at:
                self._start(now)
        elif self.process.poll() is not None:
            self._ended(now)

    def _start(self, now: float) -> None:
        self.process = subprocess.Popen(self.command, preexec_fn=_die_with_parent)
        self.started = now

    def _ended(self, now: float) -> None:
        code = self.process.returncode if self.process else None
        self.pause = 1.0 if now - self.started > STEADY_AFTER else self.pause
        _say(f"{self.name} ended with {code}; starting it again in {self.pause:.0f} s")
        self.process = None
        self.start_at = now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def stop(self) -> None:
        """Ask the process to end."""
        if self.process and self.process.poll() is None:
            self.process.terminate()


def _die_with_parent() -> None:
    """Let the kernel end this child when the supervisor dies (Linux)."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _children() -> list[Child]:
    python = sys.executable
    web = [
        python, "-m", "gunicorn", "backend.wsgi:application",
        "--bind", f"{settings.HOST}:{settings.PORT}",
        "--workers", str(settings.WEB_WORKERS),
        "--preload", "--timeout", "60", "--graceful-timeout", "30",
        "--max-requests", "5000", "--max-requests-jitter", "500",
    ]  # fmt: skip
    celery = [python, "-m", "celery", "-A", "backend", "--quiet"]
    worker = [
        *celery, "worker", "--concurrency", str(settings.TASK_WORKERS),
        "--loglevel", settings.LOG_LEVEL, "--without-gossip", "--without-mingle",
    ]  # fmt: skip
    beat = [*celery, "beat", "--loglevel", "WARNING", "--pidfile="]
    return [Child("web", web), Child("worker", worker), Child("scheduler", beat)]


def supervise(children: list[Child], running: Callable[[], bool]) -> None:
    """Keep `children` alive until `running()` is false, then end them."""
    while running():
        for child in children:
            child.tend(time.monotonic())
        time.sleep(0.2)
    for child in children:
        child.stop()
    deadline = time.monotonic() + 35
    for child in children:
        if child.process:
            try:
                child.process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                child.process.kill()


def main() -> None:
    """Prepare and serve until SIGINT or SIGTERM."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
    stopping = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    prepare = [sys.executable, "-m", "backend.prepare"]
    done = subprocess.run(prepare, check=False, preexec_fn=_die_with_parent)
    if done.returncode:
        sys.exit(done.returncode)
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    _say(f"\n  {settings.SITE_URL}\n")
    supervise(_children(), lambda: not stopping)


if __name__ == "__main__":
    main()
