"""Real Celery workers, in processes of their own, on the database of the running test."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """A running worker and what it says."""

    def __init__(self, process: subprocess.Popen[str]):
        self.process = process
        self.lines: list[str] = []
        self._said = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def has_said(self, words: str, *, seconds: float = 30) -> bool:
        """Wait until a line holds `words`; answers whether it came to that."""
        return self._wait(lambda: any(words in line for line in self.lines), seconds)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it as a deployment does: it finishes what it has in hand."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        finally:
            self.process.kill()
            self.process.wait()
            self._reader.join()
            self.process.stdout.close()

    def _wait(self, condition: Callable[[], bool], seconds: float) -> bool:
        with self._said:
            return self._said.wait_for(condition, timeout=seconds)

    def _read(self) -> None:
        for line in self.process.stdout:
            with self._said:
                self.lines.append(line.rstrip())
                self._said.notify_all()


@contextmanager
def celery_worker(*queues: str, **environment: str) -> Iterator[Worker]:
    """A worker that serves `queues`, ready for work; `environment` adds to that of the tests.

    The test has to commit what the worker is to see: mark it `django_db(transaction=True)`.
    """
    options = ["-Q", ",".join(queues), "-P", "threads", "-c", "4", "-l", "INFO", "--purge"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "kissanmitra", "worker", *options, *quiet],
        cwd=ROOT,
        env=os.environ | _environment() | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    worker = Worker(process)
    try:
        assert worker.has_said("ready."), "\n".join(worker.lines)
        yield worker
    finally:
        worker.stop()


def _environment() -> dict[str, str]:
    return {
        "DJANGO_SETTINGS_MODULE": "kissanmitra.settings",
        "DJANGO_SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_ALLOWED_HOSTS": "localhost",
        "KISSANMITRA_DEMO": "0",
        "KISSANMITRA_VAR": str(settings.VAR_DIR),
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.CELERY_BROKER_URL,
        "PYTHONUNBUFFERED": "1",
    }


def database_url() -> str:
    """Where the running test's database is."""
    of = connection.settings_dict
    login = quote(of["USER"], safe="") + (f":{quote(of['PASSWORD'], safe='')}" if of["PASSWORD"] else "")
    return f"postgres://{login}@{of['HOST']}:{of['PORT']}/{quote(of['NAME'], safe='')}"
