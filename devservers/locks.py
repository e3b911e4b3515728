"""File locks that end with the process that holds them, however it ends."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_shared: dict[Path, int] = {}  # file descriptors stay open, and so locked, as long as this process lives
_sharing = threading.Lock()


def share(path: Path) -> None:
    """Lock `path` with others until this process ends. Forked children share on; programs they start do not."""
    with _sharing:
        if path not in _shared:
            file = _open(path)
            fcntl.flock(file, fcntl.LOCK_SH)
            os.utime(file)  # seen even by who looks only now and then
            _shared[path] = file


def unshare(path: Path) -> None:
    with _sharing:
        if path in _shared:
            os.close(_shared.pop(path))


@contextmanager
def alone(path: Path) -> Iterator[None]:
    """Wait until nobody else is in here."""
    file = _open(path)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def is_held(path: Path) -> bool:
    """Whether somebody holds `path` alone."""
    return not _can_lock(path, fcntl.LOCK_SH)


def is_shared(path: Path) -> bool:
    """Whether anybody, this process included, shares `path`."""
    return not is_held(path) and not _can_lock(path, fcntl.LOCK_EX)


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _can_lock(path: Path, kind: int) -> bool:
    file = _open(path)
    try:
        fcntl.flock(file, kind | fcntl.LOCK_NB)
        return True
    except BlockingIOError:
        return False
    finally:
        os.close(file)
