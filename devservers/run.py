"""Run everything on one machine and stop it together: `make run`."""

import os
import socket
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kissanmitra.settings")

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from devservers import locks, services, welcome
from devservers.supervisor import Child, Supervisor
from kissanmitra import environment as env

BIN = Path(__file__).resolve().parent.parent / "bin"
PREPARATION = {"prepare": [sys.executable, "-m", "kissanmitra.prepare"]}
PROGRAMS = {
    "web": [str(BIN / "web")],
    "otp": [str(BIN / "worker"), "otp"],
    "notices": [str(BIN / "worker"), "notices,celery,exports"],
    "beat": [str(BIN / "beat")],
}
READY_TIMEOUT_SECONDS = 60


def main() -> int:
    """Run until a stop request. Return the exit code: 0 after a request, 1 after a failure."""
    host, port = env.text("HOST", "127.0.0.1"), env.number("PORT", 8080)
    supervisor = Supervisor(_environment(host, port))
    _check_port(host, port)
    write("Starting ...")
    var = settings.VAR_DIR  # the first use of a setting starts the embedded servers
    var.mkdir(parents=True, exist_ok=True)
    if locks.is_exclusive(var / "run.lock"):
        raise SystemExit("KissanMitra already runs from this folder. Stop it first, or clone the project once more.")
    with locks.exclusive(var / "run.lock"):
        (var / "run.lock").write_text(f"{os.getpid()}\n")  # for `make memory`
        try:
            return _run_all(supervisor, port)
        finally:
            for service in services(var):
                service.disconnect()
            write("Stopped.")


def write(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _environment(host: str, port: int) -> dict[str, str]:
    """Return the environment of the programs: this Python comes first in PATH, and output is not buffered."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return {**os.environ, "HOST": host, "PORT": str(port), "PATH": path, "PYTHONUNBUFFERED": "1"}


def _check_port(host: str, port: int) -> None:
    try:
        socket.create_server((host, port)).close()
    except OSError as error:
        reason = str(error.strerror).split(" (")[0]
        raise SystemExit(
            f"Port {port} of {host} cannot be used: {reason}.\nUse another one: make run PORT=8090"
        ) from None


def _run_all(supervisor: Supervisor, port: int) -> int:
    prepared = supervisor.run(PREPARATION)
    if prepared is None:
        return 0
    if prepared.process.returncode != 0:
        return _report_failure(prepared)
    ended = supervisor.run(PROGRAMS, background=lambda: _welcome_when_ready(port))
    return _report_failure(ended) if ended else 0


def _report_failure(child: Child) -> int:
    write(f"\n{child.name} ended with code {child.process.returncode}, so all was stopped. The end of its output:\n")
    write("".join(child.last_lines))
    return 1


def _welcome_when_ready(port: int) -> None:
    deadline = time.monotonic() + READY_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/api/v1/health/live", timeout=5):
            write(welcome.render(port))
            return
        time.sleep(0.2)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except ImproperlyConfigured as error:
        sys.exit(f"KissanMitra cannot start: {error}")
