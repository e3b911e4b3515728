"""Without Twilio."""

import hashlib
import logging

import pytest
from django.core.checks import run_checks

from notifications.delivery import deliver_due
from notifications.tests.messages import NOTICES, OTP, now, tell, tell_code


@pytest.fixture(autouse=True)
def no_twilio(settings, caplog):
    settings.TWILIO_ACCOUNT_SID = settings.TWILIO_AUTH_TOKEN = settings.TWILIO_FROM_NUMBER = ""
    caplog.set_level(logging.INFO)


def test_a_notice_is_logged_without_naming_its_reader_or_its_words(asha, caplog):
    message = tell(asha, "Your order is accepted")
    deliver_due(NOTICES)
    fingerprint = hashlib.sha256(b"Your order is accepted").hexdigest()[:16]
    assert f"SMS NOT_CONFIGURED: ORDER_STATUS_UPDATED to +91******3211, text {fingerprint}" in caplog.messages
    assert "9876543211" not in caplog.text
    assert (now(message).status, now(message).sent_at, now(message).error) == ("LOGGED", None, "")


def test_no_log_line_helps_to_guess_a_one_time_password(caplog):
    code = tell_code(code="482915")
    deliver_due(OTP)
    secret = hashlib.sha256(b"Your OTP is: 482915 (valid for 5 min)").hexdigest()
    assert "482915" not in caplog.text
    assert secret[:16] not in caplog.text
    assert (now(code).status, now(code).encrypted_text) == ("LOGGED", None)


def test_a_half_configured_twilio_is_none_and_is_warned_of(asha, settings):
    assert run_checks() == []
    settings.TWILIO_ACCOUNT_SID = "AC1"
    message = tell(asha)
    deliver_due(NOTICES)
    assert now(message).status == "LOGGED"
    [warning] = run_checks()
    assert warning.hint == "Set TWILIO_AUTH_TOKEN and TWILIO_FROM_NUMBER too, or none of them."
