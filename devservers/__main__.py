"""Show, stop or delete the embedded servers of this project and of its tests."""

import argparse
import os
from pathlib import Path

from . import services

PROJECT_VAR = Path(__file__).resolve().parents[1] / "var"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m devservers", description=__doc__)
    parser.add_argument("command", choices=["status", "stop", "reset"], help="reset stops them and deletes their data")
    command = parser.parse_args().command
    var = Path(os.environ.get("KISSANMITRA_VAR", PROJECT_VAR))
    for service in services(var) + services(var / "test"):
        if command == "status":
            print(f"{service.folder}: {service.url() or 'not running'}")  # noqa: T201 - its purpose
        elif command == "stop":
            service.stop()
        else:
            service.remove()


if __name__ == "__main__":
    main()
