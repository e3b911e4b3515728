"""`python -m devservers status | stop | reset`: the servers of this project and of its tests."""

import argparse
import os
from pathlib import Path

from . import services

PROJECT_VAR = Path(__file__).resolve().parents[1] / "var"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m devservers", description=__doc__)
    parser.add_argument("verb", choices=["status", "stop", "reset"], help="reset stops them and deletes their data")
    verb = parser.parse_args().verb
    var = Path(os.environ.get("KISSANMITRA_VAR", PROJECT_VAR))
    for service in services(var) + services(var / "test"):
        if verb == "status":
            print(f"{service.folder}: {service.url() or 'not running'}")  # noqa: T201 - its purpose
        elif verb == "stop":
            service.stop()
        else:
            service.remove()


if __name__ == "__main__":
    main()
