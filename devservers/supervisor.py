"""Run programs together: the first to end, or a signal, ends them all.

Why not honcho: a signal during its start leaves it hanging and its programs running (docs/adr).
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

STOP_SECONDS = 8
LISTENING_SECONDS = 0.5
ONE_REQUEST_SECONDS = 1  # make forwards a SIGTERM that its whole group got already
LAST_WORDS = 12  # lines shown again of a program that failed


class Child:
    """A program in a session of its own, its output read line by line."""

    def __init__(self, name: str, command: list[str], environment: Mapping[str, str]) -> None:
        self.name = name
        self.last_words: deque[str] = deque(maxlen=LAST_WORDS)
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

    def read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.last_words.append(line)
            sys.stdout.write(f"{self.name:8} | {line}")
            sys.stdout.flush()

    def signal(self, number: int) -> None:
        """Tell the whole session of the program, whatever it has started."""
        with suppress(ProcessLookupError, PermissionError):  # macOS refuses where Linux finds nobody
            os.killpg(self.process.pid, number)


class Supervisor:
    """From its making on, SIGINT, SIGTERM and SIGHUP are requests to stop."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.environment = environment
        self.events: SimpleQueue[Child | None] = SimpleQueue()  # a child that ended, or None: stop
        self.requested = float("-inf")
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_request)

    def _on_request(self, *_: object) -> None:
        if time.monotonic() - self.requested > ONE_REQUEST_SECONDS:
            self.requested = time.monotonic()
            self.events.put(None)

    def run(self, programs: Mapping[str, list[str]], *, meanwhile: Callable[[], None] | None = None) -> Child | None:
        """Run the programs until one ends, which is returned, or until asked to stop: None.

        On return all of them have ended.
        """
        # All are started before the first thread is: forking beside threads is not safe.
        children = [Child(name, command, self.environment) for name, command in programs.items()]
        for child in children:
            threading.Thread(target=self._watch, args=[child], daemon=True).start()
        if meanwhile:
            threading.Thread(target=meanwhile, daemon=True).start()
        ended = self._first_event()
        self._stop({child for child in children if child is not ended})
        for child in children:
            child.signal(signal.SIGKILL)  # whatever it has started and left behind
            child.process.wait()
        return ended

    def _watch(self, child: Child) -> None:
        reader = threading.Thread(target=child.read, daemon=True)
        reader.start()
        child.process.wait()
        reader.join(timeout=1)  # what it left behind may keep the output open
        self.events.put(child)

    def _stop(self, alive: set[Child]) -> None:
        """Ask the children to end; wait STOP_SECONDS, or until a second request."""
        for child in alive:
            child.signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_SECONDS
        while alive and (ended := self._event_before(deadline)):
            alive.discard(ended)

    def _first_event(self) -> Child | None:
        # A signal that comes just before the wait begins does not end it: Python looks for it only afterwards.
        while True:
            with suppress(Empty):
                return self.events.get(timeout=LISTENING_SECONDS)

    def _event_before(self, deadline: float) -> Child | None:
        try:
            return self.events.get(timeout=max(0, deadline - time.monotonic()))
        except Empty:
            return None
