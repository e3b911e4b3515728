"""Twilio calls back."""

import logging

import pytest
from twilio.request_validator import RequestValidator

from notifications.models import SmsMessage
from notifications.tests.messages import now, tell
from tests.support.fake_twilio import AUTH_TOKEN

PATH = "/notifications/twilio/status"
URL = "https://km.example/api/v1/notifications/twilio/status"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture(autouse=True)
def callbacks(settings):
    settings.TWILIO_AUTH_TOKEN = AUTH_TOKEN
    settings.TWILIO_STATUS_CALLBACK_URL = URL


@pytest.fixture
def sent(asha):
    """A text that Twilio took as SM1."""
    message = tell(asha)
    SmsMessage.objects.filter(pk=message.pk).update(status="SENT", provider_message_id="SM1")
    return message


@pytest.fixture
def call(api):
    """Call back with this form, signed as Twilio signs."""

    def call_back(url=URL, token=AUTH_TOKEN, **form):
        form = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": "+919876543211"} | form
        signature = RequestValidator(token).compute_signature(url, form)
        body = "&".join(f"{name}={value.replace('+', '%2B')}" for name, value in form.items())
        return api().post(PATH, body, content_type=FORM, headers={"X-Twilio-Signature": signature})

    return call_back


def test_a_delivered_text_is_delivered(call, sent):
    answer = call()
    assert (answer.status_code, answer.body["success"]) == (200, True)
    assert now(sent).status == "DELIVERED"
    assert now(sent).updated_at > sent.updated_at


@pytest.mark.parametrize("status", ["failed", "undelivered", "canceled"])
def test_a_text_that_did_not_arrive_has_failed_with_twilios_code(call, sent, status):
    assert call(MessageStatus=status, ErrorCode="30003").status_code == 200
    assert (now(sent).status, now(sent).error) == ("FAILED", f"30003: {status}")


@pytest.mark.parametrize("status", ["accepted", "queued", "sending", "sent", "some day"])
def test_news_from_under_way_change_nothing(call, sent, status):
    assert call(MessageStatus=status).status_code == 200
    assert now(sent).status == "SENT"


def test_the_first_final_report_stands(call, sent):
    call(MessageStatus="delivered")
    for status in ["delivered", "sent", "queued", "failed"]:
        assert call(MessageStatus=status, ErrorCode="30003").status_code == 200
    assert (now(sent).status, now(sent).error) == ("DELIVERED", "")


def test_an_unknown_text_is_logged_and_does_not_make_twilio_repeat_itself(call, sent, caplog):
    caplog.set_level(logging.WARNING)
    assert call(MessageSid="SM999").status_code == 200
    assert "Delivery report for an unknown SMS: SM999" in caplog.messages
    assert now(sent).status == "SENT"


@pytest.mark.parametrize("forged", [{"token": "guessed"}, {"url": "https://elsewhere.example/"}])
def test_a_wrong_signature_is_refused_and_changes_nothing(call, sent, forged):
    answer = call(**forged)
    assert (answer.status_code, answer.body["errorDetails"]) == (403, "Invalid signature")
    assert now(sent).status == "SENT"


@pytest.mark.parametrize("headers", [{}, {"X-Twilio-Signature": ""}, {"X-Twilio-Signature": "é" * 28}])
def test_a_missing_signature_is_refused(api, sent, headers):
    answer = api().post(PATH, "MessageSid=SM1&MessageStatus=delivered", content_type=FORM, headers=headers)
    assert answer.status_code == 403
    assert now(sent).status == "SENT"


@pytest.mark.parametrize("missing", ["TWILIO_AUTH_TOKEN", "TWILIO_STATUS_CALLBACK_URL"])
def test_reports_are_refused_without_a_configured_callback(call, sent, settings, missing):
    setattr(settings, missing, "")
    assert call(token=settings.TWILIO_AUTH_TOKEN, url=settings.TWILIO_STATUS_CALLBACK_URL).status_code == 403
    assert now(sent).status == "SENT"


def test_a_signed_form_without_what_we_need_is_refused(call):
    assert call(MessageSid="").status_code == 400


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"\xff\x00=%00&&&=", FORM, 403),
        (b"a=" + b"x" * 70_000, FORM, 413),
        (b"&".join(b"a=1" for _ in range(2000)), FORM, 400),
        (b"{}", "application/json", 415),
        (b"", FORM, 403),
    ],
)
def test_nonsense_is_refused_politely(api, body, content_type, status):
    assert api().post(PATH, body, content_type=content_type).status_code == status
