"""Looking at processes that are not our children."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def wait_until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether the condition came true within so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def mentions(pid: int, path: Path) -> bool:
    """Whether process `pid` lives and was started with `path` in its command line: pids are used again."""
    if Path("/proc/self").exists():
        with suppress(OSError):
            return os.fsencode(path) in Path(f"/proc/{pid}/cmdline").read_bytes()
        return False
    ps = ["/bin/ps", "-o", "args=", "-p", str(pid)]
    return str(path) in subprocess.run(ps, capture_output=True, text=True).stdout


def end_orphan(pid: int, path: Path, kind_signal: int) -> None:
    """Wait for the end of a process of ours whose keeper was killed, and bring it about if need be."""

    def gone() -> bool:
        return not mentions(pid, path)

    for send in (0, kind_signal, signal.SIGKILL):  # on Linux the kernel has told it already
        if gone():
            return
        with suppress(ProcessLookupError):
            os.kill(pid, send)
        wait_until(gone, seconds=5)
