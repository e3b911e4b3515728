"""Send requests to the server and print every exchange."""

import json
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any, TextIO

from tests.smoke.expectations import INSTANT, Different, differences
from tests.smoke.sample_files import Upload

HIDDEN = {"token", "refreshToken"}
LONGEST_LIST = 3
TIMEOUT = 30  # seconds


class NoAnswer(Exception):
    """Raised when the server cannot be reached or closes the connection."""


@dataclass(eq=False)
class Caller:
    """Represent a user in one role, with the token of the current session."""

    name: str
    phone: str
    role: str
    id: str = ""
    token: str = ""


class Server:
    """Represent a running server; each exchange is printed and checked against its expectation."""

    def __init__(self, base_url: str, *, out: TextIO = sys.stdout, coloured: bool = False):
        self.base_url, self.out, self.coloured = base_url.rstrip("/"), out, coloured
        self.run, self.exchanges = uuid.uuid4().hex[:8], 0

    def say(self, text: str, colour: str = "1") -> None:
        """Print a line in bold, or in another ANSI colour."""
        self.out.write(f"\x1b[{colour}m{text}\x1b[0m\n" if self.coloured else f"{text}\n")

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        by: Caller | None = None,
        form: Mapping[str, Any] | None = None,
        status: int = 200,
        message: str | None = "Operation successful",
        data: Any = None,
        refusal: str | None = None,
        unless: str | None = None,
    ) -> Any:
        """Send a request, print it with its response, and return `data`.

        Raises Different unless the answer has this `status` and `message`, and `data` like the expected one, or the
        sentence of a `refusal` in place of both. A 400 that says `unless` is as good as success.
        """
        self.exchanges += 1
        correlation = f"smoke-{self.run}-{self.exchanges}"
        self._show_request(method, path, body if form is None else _shown_form(form), by)
        got, envelope = self._send(method, path, body, by=by, form=form, correlation=correlation)
        self._show_answer(got, envelope)
        if unless is not None and got == 400:
            status, refusal = 400, unless
        expected: dict[str, Any] = {"success": refusal is None, "correlationId": correlation, "timestamp": INSTANT}
        if refusal is None:
            expected |= {"message": message} | ({} if data is None else {"data": data})
        else:
            expected |= {"errorDetails": refusal, "errorCode": str(status)}
        found = [] if got == status else [f"status is {got}, should be {status}"]
        if found := found + differences(envelope, expected):
            raise Different("\n".join(found))
        return envelope.get("data")

    def _send(
        self, method: str, path: str, body: Any, *, by: Caller | None, form: Mapping[str, Any] | None, correlation: str
    ) -> tuple[int, Any]:
        headers = {"X-Correlation-Id": correlation, "Accept": "application/json"}
        if by is not None:
            headers["Authorization"] = f"Bearer {by.token}"
        content = None
        if form is not None:
            content, headers["Content-Type"] = _multipart(form)
        elif body is not None:
            content, headers["Content-Type"] = json.dumps(body).encode(), "application/json"
        request = urllib.request.Request(f"{self.base_url}/api/v1{path}", content, headers, method=method)
        while True:
            status, answer_headers, raw = _exchange(request)
            if status != 429:
                return status, _parsed(raw)
            wait = int(answer_headers.get("Retry-After", "1"))
            self.say(f"429 Too many requests; again in {wait} s", "33")
            time.sleep(wait)

    def _show_request(self, method: str, path: str, body: Any, by: Caller | None) -> None:
        who = f"{by.name}, {by.phone}" + (f", as {by.role}" if by.token else "") if by else "anybody"
        self.say(f"\n{method} /api/v1{path}    ({who})", "36")
        if body is not None:
            self.out.write(f"{_pretty(body)}\n")

    def _show_answer(self, status: int, envelope: Any) -> None:
        self.say(f"-> {status}", "32" if status < 400 else "33")
        self.out.write(f"{_pretty(envelope)}\n")


def _exchange(request: urllib.request.Request) -> tuple[int, Mapping[str, str], bytes]:
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.headers, refusal.read()
    except (OSError, HTTPException) as trouble:
        raise NoAnswer(trouble) from None


def _parsed(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except ValueError:
        raise Different(f"the answer is no JSON: {raw[:200]!r}") from None


def _multipart(form: Mapping[str, Any]) -> tuple[bytes, str]:
    boundary, parts = uuid.uuid4().hex, b""
    for name, value in form.items():
        disposition = f'Content-Disposition: form-data; name="{name}"'
        if isinstance(value, Upload):
            head, content = (
                f'{disposition}; filename="{value.name}"\r\nContent-Type: {value.content_type}',
                value.content,
            )
        elif isinstance(value, str):
            head, content = disposition, value.encode()
        else:
            head, content = f"{disposition}\r\nContent-Type: application/json", json.dumps(value).encode()
        parts += f"--{boundary}\r\n{head}\r\n\r\n".encode() + content + b"\r\n"
    return parts + f"--{boundary}--\r\n".encode(), f"multipart/form-data; boundary={boundary}"


def _shown_form(form: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: f"<{value.name}, {len(value.content)} bytes>" if isinstance(value, Upload) else value
        for name, value in form.items()
    }


def _pretty(value: Any) -> str:
    return json.dumps(_shortened(value), indent=2, ensure_ascii=False)


def _shortened(value: Any) -> Any:
    """Shorten tokens and long lists for printing."""
    if isinstance(value, dict):
        return {
            key: f"{inner[:12]}..." if key in HIDDEN and isinstance(inner, str) else _shortened(inner)
            for key, inner in value.items()
        }
    if isinstance(value, list):
        rest = [f"... and {len(value) - LONGEST_LIST} more"] if len(value) > LONGEST_LIST else []
        return [_shortened(inner) for inner in value[:LONGEST_LIST]] + rest
    return value
