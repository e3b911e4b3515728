"""Where a server keeps its files, and as whom it runs.

PostgreSQL refuses to run as root, so root lends its servers to `postgres` or `nobody`. When that account cannot reach
the project (a checkout under /root), the files live in a folder of /var/tmp and `home` in var/ says which.
No account is made and no permission outside these folders is changed.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .binaries import Program
from .errors import EmbeddedServerError

LASTING = "/var/tmp"  # noqa: S108 - outlives a restart of the machine; mkdtemp makes the name


@dataclass(frozen=True)
class Place:
    """`folder` holds locks, state and log; `home` the server's data, owned by `account` (None: ourselves)."""

    folder: Path
    home: Path
    account: pwd.struct_passwd | None

    def run_as(self) -> dict[str, Any]:
        """Arguments for `subprocess` to become the account."""
        if self.account is None:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def environment(self) -> dict[str, str]:
        """For programs of the place: nothing of ours, PGPORT and the like least of all."""
        return {"PATH": os.defpath, "LC_ALL": "C"}

    def give(self, path: Path) -> None:
        """Make the account the owner of `path`."""
        if self.account is not None:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def reachable(self, program: Program) -> Program:
        """The program itself, or a copy the account can run."""
        ours = program.base is None or self.account is None
        if ours or _succeeds([str(program.path), "--version"], self.account):
            return program
        software = self.home / "software"
        software.mkdir(exist_ok=True)
        return program.copied_to(software)


def place(folder: Path) -> Place:
    """The place of the server whose locks and log are in `folder`, made on first use."""
    account = _servers_account() if os.geteuid() == 0 else None
    home = _outside_home(folder)
    if home is None and _can_enter(folder, account):
        home = folder / "server"
        home.mkdir(mode=0o700, exist_ok=True)
    result = Place(folder, home or _new_outside_home(folder), account)
    result.give(result.home)
    return result


def remove(folder: Path) -> None:
    """Delete the server's files, wherever they are."""
    if outside := _outside_home(folder):
        shutil.rmtree(outside)
    shutil.rmtree(folder, ignore_errors=True)


def _servers_account() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise EmbeddedServerError("Neither `postgres` nor `nobody` exists for root to run its servers as.")


def _can_enter(folder: Path, account: pwd.struct_passwd | None) -> bool:
    if account is not None:
        folder.chmod(0o711)
    return _succeeds(["/bin/sh", "-c", 'cd "$0"', str(folder)], account)


def _succeeds(command: list[str], account: pwd.struct_passwd | None) -> bool:
    become = Place(Path(), Path(), account).run_as()
    try:
        return subprocess.run(command, capture_output=True, cwd="/", **become).returncode == 0
    except OSError:
        return False


def _prefix(folder: Path) -> str:
    """Begins the name of the outside home of this very folder: a copied project must not share it."""
    return f"kissanmitra-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]}-"


def _outside_home(folder: Path) -> Path | None:
    try:
        home = Path((folder / "home").read_text())
    except FileNotFoundError:
        return None
    return home if home.is_dir() and home.name.startswith(_prefix(folder)) else None


def _new_outside_home(folder: Path) -> Path:
    home = tempfile.mkdtemp(prefix=_prefix(folder), dir=LASTING if os.access(LASTING, os.W_OK) else None)
    (folder / "home").write_text(home)
    return Path(home)
