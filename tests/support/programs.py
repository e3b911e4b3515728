"""Run the project's programs in processes of their own, on the test database."""

import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]


class Program:
    """Represent a running program and its output."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]):
        self.process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []
        self._output_changed = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_for_output(self, words: str, *, times: int = 1, seconds: float = 30) -> bool:
        """Wait until `times` lines contain `words`. Return whether they did."""
        with self._output_changed:
            return self._output_changed.wait_for(
                lambda: sum(words in line for line in self.lines) >= times, timeout=seconds
            )

    def kill(self) -> None:
        """Kill it with SIGKILL."""
        self.process.kill()
        self._wait(seconds=30)

    def stop(self) -> None:
        """Stop it with SIGTERM and wait until it has finished its work."""
        self.process.send_signal(signal.SIGTERM)
        self._wait(seconds=30)

    def _wait(self, seconds: float) -> None:
        try:
            self.process.wait(seconds)
        finally:
            self.process.kill()
            self.process.wait()
            self._reader.join()
            self.process.stdout.close()

    def _read(self) -> None:
        for line in self.process.stdout:
            with self._output_changed:
                self.lines.append(line.rstrip())
                self._output_changed.notify_all()


def environment_of_the_test() -> dict[str, str]:
    """Return the environment with the servers, database and keys of the running test."""
    return {
        "DJANGO_SETTINGS_MODULE": "kissanmitra.settings",
        "DJANGO_SECRET_KEY": settings.SECRET_KEY,
        "DJANGO_ALLOWED_HOSTS": "localhost,127.0.0.1",
        "DJANGO_HTTPS": "0",
        "STAFF_TOTP_REQUIRED": "0",
        "KISSANMITRA_DEMO": "0",
        "KISSANMITRA_VAR": str(settings.VAR_DIR),
        "DATABASE_URL": database_url(),
        "REDIS_URL": settings.CELERY_BROKER_URL,
        "PYTHONUNBUFFERED": "1",
    }


def database_url() -> str:
    """Return the URL of the test database."""
    of = connection.settings_dict
    login = quote(of["USER"], safe="") + (f":{quote(of['PASSWORD'], safe='')}" if of["PASSWORD"] else "")
    return f"postgres://{login}@{of['HOST']}:{of['PORT']}/{quote(of['NAME'], safe='')}"
