"""Start a Redis server that a test may kill or freeze."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devservers.launch import last_pids
from devservers.service import Service
from devservers.valkey import Valkey
from tests.support.programs import ROOT


class OwnValkey:
    """Represent a server without persistence; a keeper restarts it."""

    def __init__(self, folder: Path):
        self.service = Service(Valkey(durable=False), folder, idle_seconds=0.2)
        self.url = self.service.connect()

    def kill(self) -> None:
        self._signal(signal.SIGKILL)

    def freeze(self) -> None:
        """Freeze the server: it accepts connections and does not answer."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        os.kill(last_pids(self.service.folder)[1], number)


@contextmanager
def own_valkey() -> Iterator[OwnValkey]:
    """Start the server, and stop it at the end."""
    parent = ROOT / "var/test"
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="valkey-", dir=parent))
    folder.chmod(0o711)
    valkey = OwnValkey(folder / "valkey")
    try:
        yield valkey
    finally:
        valkey.thaw()
        valkey.service.disconnect()
        valkey.service.remove()
        shutil.rmtree(folder)
