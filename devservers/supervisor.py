"""Run programs together: when one of them ends, or on a signal, stop them all.

Why not honcho: docs/adr/own-supervisor.md.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from queue import Empty, SimpleQueue

from devservers.keeper import die_with_parent

STOP_TIMEOUT_SECONDS = 8
EVENT_POLL_SECONDS = 0.5
DUPLICATE_SIGNAL_SECONDS = 1  # make forwards a SIGTERM that its whole process group has already received
MAX_LAST_LINES = 12  # of output, shown again for a program that failed


class Child:
    """Run a program in its own session and read its output line by line."""

    def __init__(self, name: str, command: list[str], environment: Mapping[str, str]) -> None:
        self.name = name
        self.last_lines: deque[str] = deque(maxlen=MAX_LAST_LINES)
        self.process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C reaches the supervisor alone
            preexec_fn=lambda: die_with_parent(signal.SIGTERM),
        )

    def copy_output(self) -> None:
        """Copy the program's output to stdout, each line with the program's name, until the output is closed."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.last_lines.append(line)
            sys.stdout.write(f"{self.name:8} | {line}")
            sys.stdout.flush()

    def signal(self, number: int) -> None:
        """Send a signal to the program and everything it has started."""
        with suppress(ProcessLookupError, PermissionError):  # macOS raises the latter for an empty process group
            os.killpg(self.process.pid, number)


class Supervisor:
    """Run programs until one ends. Once created, it handles SIGINT, SIGTERM and SIGHUP as requests to stop."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.events: SimpleQueue[Child | None] = SimpleQueue()  # a child that ended, or None: stop
        self.last_request = float("-inf")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_stop_request)

    def _on_stop_request(self, *_: object) -> None:
        if time.monotonic() - self.last_request > DUPLICATE_SIGNAL_SECONDS:
            self.last_request = time.monotonic()
            self.events.put(None)

    def run(self, programs: Mapping[str, list[str]], *, background: Callable[[], None] | None = None) -> Child | None:
        """Run the programs, and `background` in a thread. Return the first program to end, or None on a stop request.

        All programs have ended when it returns.
        """
        # All are started before the first thread: forking a process that has threads is not safe.
        children = [Child(name, command, self.environment) for name, command in programs.items()]
        for child in children:
            threading.Thread(target=self._watch, args=[child], daemon=True).start()
        if background:
            threading.Thread(target=background, daemon=True).start()
        ended = self._first_event()
        self._stop({child for child in children if child is not ended})
        for child in children:
            child.signal(signal.SIGKILL)  # what the program has started and not stopped
            child.process.wait()
        return ended

    def _watch(self, child: Child) -> None:
        reader = threading.Thread(target=child.copy_output, daemon=True)
        reader.start()
        child.process.wait()
        reader.join(timeout=1)  # what the program has started may keep the output open
        self.events.put(child)

    def _stop(self, alive: set[Child]) -> None:
        """Send SIGTERM to the children; wait for STOP_TIMEOUT_SECONDS or until the next stop request."""
        for child in alive:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_TIMEOUT_SECONDS
        while alive and (ended := self._event_before(deadline)):
            alive.discard(ended)

    def _first_event(self) -> Child | None:
        # Polls: a signal just before get() does not interrupt it, and Python runs the handler only after it returns.
        while True:
            with suppress(Empty):
                return self.events.get(timeout=EVENT_POLL_SECONDS)

    def _event_before(self, deadline: float) -> Child | None:
        try:
            return self.events.get(timeout=max(0, deadline - time.monotonic()))
        except Empty:
            return None
