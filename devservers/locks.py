"""File locks, which the kernel releases when the process that holds them ends."""

import fcntl
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_shared: dict[Path, int] = {}  # open file descriptors: closing one releases its lock
_shared_guard = threading.Lock()


def hold_shared(path: Path) -> None:
    """Hold a shared lock on `path` until this process ends. Forked children inherit it, executed programs do not."""
    with _shared_guard:
        if path not in _shared:
            file = _open(path)
            fcntl.flock(file, fcntl.LOCK_SH)
            os.utime(file)  # lets the keeper notice a client that ends before it polls the lock
            _shared[path] = file


def release_shared(path: Path) -> None:
    """Release the shared lock of this process on `path`, if it holds one."""
    with _shared_guard:
        if path in _shared:
            os.close(_shared.pop(path))


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Wait for the exclusive lock on `path` and hold it inside the block."""
    file = _open(path)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def is_exclusive(path: Path) -> bool:
    """Return whether any process holds the exclusive lock on `path`."""
    return not _can_lock(path, fcntl.LOCK_SH)


def is_shared(path: Path) -> bool:
    """Return whether any process, this one included, holds a shared lock on `path`."""
    return not is_exclusive(path) and not _can_lock(path, fcntl.LOCK_EX)


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
