"""Choose where a server keeps its files and which account runs it.

PostgreSQL refuses to run as root, so root runs its servers as `postgres` or `nobody`. If that account cannot enter the
project (a checkout in /root), the data lies in a folder of /var/tmp, whose path is in the file `home`. No account is
created, and no permission outside these folders is changed.
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

from .binaries import Binary
from .errors import EmbeddedServerError

PERSISTENT_TMP = "/var/tmp"  # noqa: S108 - kept when the machine restarts; mkdtemp makes the name


@dataclass(frozen=True)
class Directory:
    """Hold the paths of one server: `folder` with its locks, state and log; `home` with its data.

    `account` owns `home` and runs the server; None stands for the account of this process.
    """

    folder: Path
    home: Path
    account: pwd.struct_passwd | None

    def run_as(self) -> dict[str, Any]:
        """Return the arguments that make `subprocess` run a program as the account."""
        if self.account is None:
            return {}
        return {"user": self.account.pw_uid, "group": self.account.pw_gid, "extra_groups": []}

    def environment(self) -> dict[str, str]:
        """Return the environment of the server. Nothing is inherited: PGPORT and the like would change its settings."""
        return {"PATH": os.defpath, "LC_ALL": "C"}

    def chown(self, path: Path) -> None:
        """Make the account the owner of `path`."""
        if self.account is not None:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def executable(self, binary: Binary) -> Binary:
        """Return the binary, or a copy in `home` if the account cannot run the original."""
        same_account = binary.base is None or self.account is None
        if same_account or _succeeds([str(binary.path), "--version"], self.account):
            return binary
        software = self.home / "software"
        software.mkdir(exist_ok=True)
        return binary.copy_to(software)


def get_or_create(folder: Path) -> Directory:
    """Return the directory of the server whose locks and log are in `folder`; create its home on first use."""
    account = _server_account() if os.geteuid() == 0 else None
    home = _outside_home(folder)
    if home is None and _can_enter(folder, account):
        home = folder / "server"
        home.mkdir(mode=0o700, exist_ok=True)
    directory = Directory(folder, home or _create_outside_home(folder), account)
    directory.chown(directory.home)
    return directory


def remove(folder: Path) -> None:
    """Delete all files of the server, also those outside of `folder`."""
    if outside := _outside_home(folder):
        shutil.rmtree(outside)
    shutil.rmtree(folder, ignore_errors=True)


def _server_account() -> pwd.struct_passwd:
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
    run_as = Directory(Path(), Path(), account).run_as()
    try:
        return subprocess.run(command, capture_output=True, cwd="/", **run_as).returncode == 0
    except OSError:
        return False


def _prefix(folder: Path) -> str:
    """Return how the name of the outside home of `folder` begins: a copy of the project must not use the same home."""
    return f"kissanmitra-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]}-"


def _outside_home(folder: Path) -> Path | None:
    try:
        home = Path((folder / "home").read_text())
    except FileNotFoundError:
        return None
    return home if home.is_dir() and home.name.startswith(_prefix(folder)) else None


def _create_outside_home(folder: Path) -> Path:
    parent = PERSISTENT_TMP if os.access(PERSISTENT_TMP, os.W_OK) else None
    home = tempfile.mkdtemp(prefix=_prefix(folder), dir=parent)
    (folder / "home").write_text(home)
    return Path(home)
