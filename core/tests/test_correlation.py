"""Every answer names its correlation id, and every log line is one JSON object that carries it."""

import io
import json
import logging
import uuid
from datetime import UTC, datetime, timedelta

import pytest

from core.correlation import CorrelationFilter, JsonFormatter, correlated, correlation_id


class Log:
    """A logger that writes as production does, into memory."""

    def __init__(self):
        self.stream = io.StringIO()
        handler = logging.StreamHandler(self.stream)
        handler.addFilter(CorrelationFilter())
        handler.setFormatter(JsonFormatter())
        self.logger = logging.Logger("core.example")
        self.logger.addHandler(handler)

    def lines(self):
        *lines, rest = self.stream.getvalue().split("\n")
        assert rest == ""
        return [json.loads(line) for line in lines]


@pytest.fixture
def log():
    return Log()


@pytest.mark.parametrize("offered", ["a", "x" * 64, "Req_1.2-3"])
def test_a_well_formed_id_of_the_client_is_kept(api, offered):
    assert api().get("/health/live", HTTP_X_CORRELATION_ID=offered).headers["X-Correlation-Id"] == offered


@pytest.mark.parametrize("offered", ["", "x" * 65, "a b", "a\n", "<script>", "\u0967"])
def test_any_other_id_is_replaced_by_a_uuid(api, offered):
    given = api().get("/health/live", HTTP_X_CORRELATION_ID=offered).headers["X-Correlation-Id"]
    assert str(uuid.UUID(given, version=4)) == given


def test_pages_name_their_id_too(client):
    assert client.get("/docs", HTTP_X_CORRELATION_ID="req-1").headers["X-Correlation-Id"] == "req-1"


def test_work_outside_of_a_request_carries_the_id_that_it_is_done_for(log):
    with correlated("outer"):
        with correlated("inner"):
            log.logger.info("first")
        log.logger.info("second")
    log.logger.info("third")
    assert [line.get("correlationId") for line in log.lines()] == ["inner", "outer", None]
    assert correlation_id() == ""


def test_no_input_writes_a_log_line_of_its_own(log):
    log.logger.info('Asha\r\n{"level": "ERROR", "message": "%s"}', "forged\n")
    (line,) = log.lines()
    assert (line["level"], line["message"]) == ("INFO", 'Asha\r\n{"level": "ERROR", "message": "forged\n"}')


def test_an_exception_is_part_of_its_line(log):
    try:
        raise ValueError("first\nsecond")
    except ValueError:
        log.logger.exception("It failed")
    (line,) = log.lines()
    assert line["exception"].endswith("ValueError: first\nsecond")


def test_log_lines_tell_the_time_in_utc(log):
    log.logger.info("now")
    time = datetime.fromisoformat(log.lines()[0]["time"])
    assert time.utcoffset() == timedelta(0)
    assert abs(datetime.now(UTC) - time) < timedelta(minutes=1)


def test_what_libraries_attach_to_a_record_is_not_logged(log):
    log.logger.error("Failed", extra={"request": "<WSGIRequest: GET '/auth/login?phoneNumber=9876543210'>"})
    assert set(log.lines()[0]) == {"time", "level", "logger", "message"}


def test_a_message_that_is_no_text_is_logged_as_one(log):
    log.logger.info({"tries": 3})
    assert log.lines()[0]["message"] == "{'tries': 3}"
