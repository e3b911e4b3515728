"""Inspect and stop processes that are not children of this one."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

ORPHAN_TIMEOUT_SECONDS = 5  # after each signal


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Poll `condition` for at most `seconds`. Return whether it became true."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def was_started_with(pid: int, path: Path) -> bool:
    """Return whether process `pid` runs and has `path` in its command line: the system reuses pids."""
    if Path("/proc/self").exists():
        with suppress(OSError):
            return os.fsencode(path) in Path(f"/proc/{pid}/cmdline").read_bytes()
        return False
    ps = ["/bin/ps", "-o", "args=", "-p", str(pid)]
    return str(path) in subprocess.run(ps, capture_output=True, text=True).stdout


def stop_orphan(pid: int, path: Path, stop_signal: int) -> None:
    """Stop process `pid`, started with `path`, whose keeper was killed. Use SIGKILL if it ignores `stop_signal`."""

    def has_ended() -> bool:
        return not was_started_with(pid, path)

    for number in (0, stop_signal, signal.SIGKILL):  # first only wait: on Linux the kernel has sent `stop_signal`
        if has_ended():
            return
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        wait_until(has_ended, ORPHAN_TIMEOUT_SECONDS)
