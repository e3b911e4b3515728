"""Simulate Twilio over HTTP: accept and list messages, and fail in every way that the real one can."""

import base64
import json
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

ACCOUNT_SID = "AC00000000000000000000000000000000"
AUTH_TOKEN = "a token of the fake Twilio"
FROM_NUMBER = "+15005550006"
PATH = f"/2010-04-01/Accounts/{ACCOUNT_SID}/Messages.json"


class Answer(StrEnum):
    """Describe how one request to send a message is answered."""

    ACCEPT = "201"
    REFUSE = "400, code 21211"
    FORBID = "403, account suspended"
    UNKNOWN_ACCOUNT = "404, no such account"
    THROTTLE = "429"
    FAIL = "500"
    ACCEPT_THEN_FAIL = "taken, but 500"
    HANG = "no answer until released"
    ACCEPT_THEN_HANG = "taken, but no answer until released"
    DROP = "connection closed without an answer"
    ACCEPT_THEN_DROP = "taken, but connection closed without an answer"
    GARBAGE = "taken, but 201 with HTML"
    NAMELESS = "taken, but 201 with JSON that names no message"


class FakeTwilio:
    """Run on a free port of 127.0.0.1 within `with`.

    `attempts` are the forms of all messages we were asked to send, `messages` those that were taken, both in order.
    """

    def __init__(self) -> None:
        self.attempts: list[dict[str, Any]] = []
        self.messages: list[dict[str, Any]] = []
        self.questions: list[dict[str, str]] = []  # what the list of messages was asked for
        self.always = Answer.ACCEPT
        self.retry_after = "7"  # of Answer.THROTTLE
        self.reason = "The 'To' number is not a valid phone number."  # of Answer.REFUSE
        self.delay = 0.0  # seconds before each answer
        self.is_listing = True
        self._next: deque[Answer] = deque()
        self._changed = threading.Condition()
        self._released = threading.Event()

    def then(self, *answers: Answer) -> None:
        """Answer the next messages with these; later ones with `always`."""
        self._next.extend(answers)

    def release(self) -> None:
        """Release all hanging requests."""
        self._released.set()

    def wait_for(self, condition: Callable[["FakeTwilio"], bool], *, seconds: float = 20) -> bool:
        """Wait until `condition(self)` holds. Return whether it did."""
        with self._changed:
            return self._changed.wait_for(lambda: condition(self), timeout=seconds)

    @property
    def bodies(self) -> list[str]:
        """Return the accepted texts, in order."""
        return [message["body"] for message in self.messages]

    @property
    def settings(self) -> dict[str, str]:
        """Return the settings, or environment variables, that point to this server."""
        return {
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
            "TWILIO_FROM_NUMBER": FROM_NUMBER,
            "TWILIO_API_BASE_URL": f"http://127.0.0.1:{self._server.server_port}",
        }

    def __enter__(self) -> "FakeTwilio":
        self._server = _Server(("127.0.0.1", 0), _handler_of(self))
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.release()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def take(self, form: dict[str, str]) -> dict[str, Any]:
        """Create a message from the posted form."""
        with self._changed:
            sid = f"SM{len(self.messages) + 1:032x}"
            message = {
                "sid": sid,
                "account_sid": ACCOUNT_SID,
                "to": form["To"],
                "from": form["From"],
                "body": form["Body"],
                "status": "queued",
                "date_created": format_datetime(datetime.now(UTC)),
                "date_sent": None,
            }
            self.messages.append(message)
            self._changed.notify_all()
        return message

    def note_attempt(self, form: dict[str, str]) -> Answer:
        with self._changed:
            self.attempts.append(form | {"at": time.monotonic()})
            self._changed.notify_all()
            return self._next.popleft() if self._next else self.always

    def hang(self) -> None:
        self._released.wait(60)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):  # clients are killed as well
            super().handle_error(request, client_address)


def _handler_of(twilio: FakeTwilio) -> type[BaseHTTPRequestHandler]:
    class Handler(_Handler):
        fake = twilio

    return Handler


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body in one packet
    disable_nagle_algorithm = True
    fake: FakeTwilio

    def do_POST(self) -> None:
        form = _flat(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if not self._is_known():
            return
        answer = self.fake.note_attempt(form)
        time.sleep(self.fake.delay)
        self._after_taking(answer, self.fake.take(form) if _is_taken(answer) else {})

    def do_GET(self) -> None:
        if not self._is_known():
            return
        asked = _flat(urlsplit(self.path).query)
        self.fake.questions.append(asked)
        if not self.fake.is_listing:
            self._reply(503, {"code": 20503, "message": "Service unavailable"})
            return
        found = [one for one in reversed(self.fake.messages) if one["to"] == asked.get("To", one["to"])]
        size = int(asked.get("PageSize", 50))
        self._reply(200, {"messages": found[:size], "page": 0, "page_size": size, "next_page_uri": None})

    def log_message(self, format: str, *args: Any) -> None: ...

    def _after_taking(self, answer: Answer, message: dict[str, Any]) -> None:
        match answer:
            case Answer.ACCEPT:
                self._reply(201, message)
            case Answer.REFUSE:
                self._reply(400, {"code": 21211, "message": self.fake.reason, "status": 400})
            case Answer.FORBID:
                self._reply(403, {"code": 20005, "message": "Account is not active", "status": 403})
            case Answer.UNKNOWN_ACCOUNT:
                self._reply(404, {"code": 20404, "message": "The requested resource was not found", "status": 404})
            case Answer.THROTTLE:
                self._reply(
                    429, {"code": 20429, "message": "Too Many Requests"}, {"Retry-After": self.fake.retry_after}
                )
            case Answer.FAIL | Answer.ACCEPT_THEN_FAIL:
                self._reply(500, {"code": 20500, "message": "An internal server error has occurred"})
            case Answer.HANG | Answer.ACCEPT_THEN_HANG:
                self.fake.hang()
                self.close_connection = True
            case Answer.DROP | Answer.ACCEPT_THEN_DROP:
                self.close_connection = True
            case Answer.GARBAGE:
                self._reply(201, "<html>Welcome to the hotel's network</html>")
            case Answer.NAMELESS:
                self._reply(201, {})

    def _is_known(self) -> bool:
        expected = base64.b64encode(f"{ACCOUNT_SID}:{AUTH_TOKEN}".encode()).decode()
        is_known = self.headers["Authorization"] == f"Basic {expected}" and urlsplit(self.path).path == PATH
        if not is_known:
            self._reply(401, {"code": 20003, "message": "Authenticate", "status": 401})
        return is_known

    def _reply(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        content = (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()


def _is_taken(answer: Answer) -> bool:
    return answer in {
        Answer.ACCEPT,
        Answer.ACCEPT_THEN_FAIL,
        Answer.ACCEPT_THEN_HANG,
        Answer.ACCEPT_THEN_DROP,
        Answer.GARBAGE,
        Answer.NAMELESS,
    }


def _flat(form: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(form, keep_blank_values=True).items()}
