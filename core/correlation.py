"""One id follows a request through its answer, its log lines and what it leaves in the database."""

import json
import logging
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from django.http import HttpRequest, HttpResponse

HEADER = "X-Correlation-Id"
_ACCEPTED = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
_current: ContextVar[str] = ContextVar("correlation_id", default="")


def correlation_id() -> str:
    """The id of the request being answered; empty outside of one."""
    return _current.get()


@contextmanager
def correlated(identifier: str) -> Iterator[None]:
    """Work done outside of a request for one that came before: its log lines carry that one's id."""
    token = _current.set(identifier)
    try:
        yield
    finally:
        _current.reset(token)


class CorrelationMiddleware:
    """Takes the client's id when it is well formed, else makes one; always says it in the answer."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        offered = request.headers.get(HEADER, "")
        chosen = offered if _ACCEPTED.fullmatch(offered) else str(uuid.uuid4())
        with correlated(chosen):
            response = self.get_response(request)
        response[HEADER] = chosen
        return response


class CorrelationFilter(logging.Filter):
    """Gives every log record the id of its request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.correlation_id = correlation_id()
        return True


class JsonFormatter(logging.Formatter):
    """One JSON object per line, so that no input can forge a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if identifier := getattr(record, "correlation_id", ""):
            line["correlationId"] = identifier
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
