"""Walk through the server at BASE_URL (http://127.0.0.1:$PORT, 8080); exit with 1 if any response differs."""

import os
import sys

from tests.smoke.expectations import Different
from tests.smoke.server import NoAnswer, Server
from tests.smoke.walk import Walk


def main() -> int:
    base_url = os.environ.get("BASE_URL") or f"http://127.0.0.1:{os.environ.get('PORT') or 8080}"
    server = Server(base_url, coloured=sys.stdout.isatty())
    try:
        Walk(server).go()
    except Different as difference:
        server.say(f"\nThis differs, in exchange {server.exchanges}:\n{difference}", "31")
        return 1
    except NoAnswer as trouble:
        server.say(f"\n{base_url} does not answer ({trouble}). Is it running? Start it with: make run", "31")
        return 1
    except BrokenPipeError:  # `bin/smoke | head` has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    server.say(f"\nAll {server.exchanges} answers are as the contract says.", "32")
    return 0


if __name__ == "__main__":
    sys.exit(main())
