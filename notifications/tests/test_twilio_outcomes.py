"""What each of Twilio's answers makes of a text."""

import logging
import socket
from datetime import timedelta

import pytest
from django.utils import timezone

from notifications import twilio_sender
from notifications.choices import SmsStatus
from notifications.delivery import deliver_due
from notifications.tests.messages import NOTICES, OTP, now, tell, tell_code
from tests.support.fake_twilio import FROM_NUMBER, Answer


def seconds_to_next_try(message):
    return (now(message).next_try_at - timezone.now()).total_seconds()


def test_an_accepted_text_is_sent_under_twilios_id(twilio, asha, clock):
    message = tell(asha, "Your order #abc12345 status updated: INTEREST_RAISED → ACCEPTED")
    deliver_due(NOTICES)
    sent = now(message)
    assert [(a["To"], a["From"], a["Body"]) for a in twilio.attempts] == [
        ("+919876543211", FROM_NUMBER, "Your order #abc12345 status updated: INTEREST_RAISED → ACCEPTED")
    ]
    assert (sent.status, sent.provider_message_id) == (SmsStatus.SENT, twilio.messages[0]["sid"])
    assert (sent.sent_at, sent.error, sent.tries, sent.claimed_until) == (timezone.now(), "", 1, None)
    assert sent.updated_at == timezone.now()


def test_a_refused_text_has_failed_at_once_with_twilios_reason(twilio, asha, clock):
    twilio.then(Answer.REFUSE)
    message = tell(asha)
    deliver_due(NOTICES)
    clock.shift(3600)
    deliver_due(NOTICES)
    assert now(message).status == SmsStatus.FAILED
    assert now(message).error == "21211: The 'To' number is not a valid phone number."
    assert len(twilio.attempts) == 1


def test_a_reason_that_quotes_a_one_time_password_is_kept_without_it(twilio):
    twilio.then(Answer.REFUSE)
    twilio.reason = "Bad body 'Your OTP is: 482915 (valid for 5 min)'"
    message = tell_code(code="482915")
    deliver_due(OTP)
    assert now(message).error == "21211: Bad body '(text)'"


def test_wrong_credentials_postpone_with_an_error_in_the_log(twilio, asha, settings, clock, caplog):
    good_token, settings.TWILIO_AUTH_TOKEN = settings.TWILIO_AUTH_TOKEN, "an old one"
    message = tell(asha)
    deliver_due(NOTICES)
    waiting = now(message)
    assert (waiting.status, waiting.error, waiting.outcome_unknown_since) == (
        SmsStatus.PENDING,
        "20003: Authenticate",
        None,
    )
    assert seconds_to_next_try(message) == 60
    errors = [record.getMessage() for record in caplog.records if record.levelno == logging.ERROR]
    assert errors == ["Twilio refuses the account, not the message; SMS messages wait: 20003: Authenticate"]
    settings.TWILIO_AUTH_TOKEN = good_token
    clock.shift(60)
    deliver_due(NOTICES)
    assert (now(message).status, twilio.questions) == (SmsStatus.SENT, [])


@pytest.mark.parametrize(("answer", "code"), [(Answer.FORBID, "20005"), (Answer.UNKNOWN_ACCOUNT, "20404")])
def test_a_fault_of_the_account_postpones(twilio, asha, clock, answer, code):
    twilio.then(answer)
    message = tell(asha)
    deliver_due(NOTICES)
    assert (now(message).status, now(message).error[:6]) == (
        SmsStatus.PENDING,
        "20404:" if "404" in answer else "20005:",
    )
    clock.shift(60)
    deliver_due(NOTICES)
    assert now(message).status == SmsStatus.SENT


@pytest.mark.parametrize(
    ("retry_after", "at_least"),
    [("120", 120), ("Wed, 10 Jan 2024 12:03:00 GMT", 180), ("soon", 0), ("", 0), ("-5", 0), ("999999999", 3600)],
)
def test_a_throttled_text_waits_as_long_as_twilio_asks(twilio, asha, clock, retry_after, at_least):
    twilio.then(Answer.THROTTLE)
    twilio.retry_after = retry_after
    message = tell(asha)
    deliver_due(NOTICES)
    waiting = now(message)
    assert (waiting.status, waiting.error, waiting.outcome_unknown_since) == (
        SmsStatus.PENDING,
        "20429: Too Many Requests",
        None,
    )
    assert max(at_least, 2.5) <= seconds_to_next_try(message) <= max(at_least, 5)


def test_a_throttled_text_is_sent_without_asking_first(twilio, asha, clock):
    twilio.then(Answer.THROTTLE)
    message = tell(asha)
    deliver_due(NOTICES)
    clock.shift(8)
    deliver_due(NOTICES)
    assert (now(message).status, now(message).tries) == (SmsStatus.SENT, 2)
    assert twilio.questions == []


@pytest.mark.parametrize("host", ["http://127.0.0.1:{closed}", "http://no-such-name.invalid"])
def test_a_text_that_never_reached_twilio_is_tried_again_without_asking(twilio, asha, clock, settings, host):
    good_url = settings.TWILIO_API_BASE_URL
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refuses
        settings.TWILIO_API_BASE_URL = host.format(closed=taken.getsockname()[1])
        message = tell(asha)
        deliver_due(NOTICES)
    assert (now(message).status, now(message).error) == (SmsStatus.PENDING, "Twilio cannot be reached")
    assert now(message).outcome_unknown_since is None
    settings.TWILIO_API_BASE_URL = good_url
    clock.shift(5)
    deliver_due(NOTICES)
    assert now(message).status == SmsStatus.SENT
    assert twilio.questions == []


IN_DOUBT = [Answer.FAIL, Answer.HANG, Answer.DROP]
TAKEN_IN_DOUBT = [
    Answer.ACCEPT_THEN_FAIL,
    Answer.ACCEPT_THEN_HANG,
    Answer.ACCEPT_THEN_DROP,
    Answer.GARBAGE,
    Answer.NAMELESS,
]


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(twilio_sender, "TIMEOUT", 0.2)


@pytest.mark.parametrize("answer", [*IN_DOUBT, *TAKEN_IN_DOUBT])
def test_an_answer_that_leaves_doubt_is_followed_by_a_pause_and_no_second_sending(
    twilio, asha, clock, impatient, answer
):
    twilio.then(answer)
    message = tell(asha)
    deliver_due(NOTICES)
    deliver_due(NOTICES)
    waiting = now(message)
    assert (waiting.status, waiting.outcome_unknown_since) == (SmsStatus.PENDING, timezone.now())
    assert waiting.error
    assert seconds_to_next_try(message) == 15
    assert len(twilio.attempts) == 1


@pytest.mark.parametrize("answer", TAKEN_IN_DOUBT)
def test_a_text_that_twilio_turns_out_to_have_is_not_sent_again(twilio, asha, clock, impatient, answer):
    twilio.then(answer)
    message = tell(asha)
    deliver_due(NOTICES)
    clock.shift(15)
    deliver_due(NOTICES)
    assert (now(message).status, now(message).provider_message_id) == (SmsStatus.SENT, twilio.messages[0]["sid"])
    assert (now(message).error, now(message).outcome_unknown_since) == ("", None)
    assert len(twilio.attempts) == 1
    assert [question["To"] for question in twilio.questions] == ["+919876543211"]


@pytest.mark.parametrize("answer", IN_DOUBT)
def test_a_text_that_twilio_turns_out_not_to_have_is_sent_again(twilio, asha, clock, impatient, answer):
    twilio.then(answer)
    message = tell(asha)
    deliver_due(NOTICES)
    clock.shift(15)
    deliver_due(NOTICES)
    assert (now(message).status, now(message).provider_message_id) == (SmsStatus.SENT, twilio.messages[0]["sid"])
    assert len(twilio.attempts) == 2
    assert len(twilio.questions) == 1


def test_while_twilio_does_not_list_its_messages_nothing_in_doubt_is_sent_again(twilio, asha, clock):
    twilio.then(Answer.ACCEPT_THEN_DROP)
    twilio.is_listing = False
    message = tell(asha)
    for _ in range(5):
        deliver_due(NOTICES)
        clock.shift(300)
    assert len(twilio.attempts) == 1
    assert now(message).error == (
        "Twilio does not say whether it has this text. Twilio's answer (HTTP 503) says nothing of use"
    )
    twilio.is_listing = True
    deliver_due(NOTICES)
    assert (now(message).status, len(twilio.messages)) == (SmsStatus.SENT, 1)


def test_the_same_words_sent_before_are_not_taken_for_the_text_in_doubt(twilio, asha, clock):
    earlier = tell(asha, "Same words")
    deliver_due(NOTICES)
    twilio.then(Answer.DROP)
    message = tell(asha, "Same words")
    deliver_due(NOTICES)
    clock.shift(15)
    deliver_due(NOTICES)
    assert now(message).provider_message_id == twilio.messages[1]["sid"]
    assert now(earlier).provider_message_id == twilio.messages[0]["sid"]


@pytest.mark.parametrize(
    "other",
    [
        {"body": "Other words"},
        {"to": "+919876543299"},
        {"status": "failed"},
        {"date_created": "Wed, 10 Jan 2024 11:00:00 +0000"},
    ],
)
def test_a_text_that_only_resembles_the_one_in_doubt_is_not_taken_for_it(twilio, asha, clock, other):
    twilio.then(Answer.ACCEPT_THEN_DROP)
    message = tell(asha)
    deliver_due(NOTICES)
    twilio.messages[0].update(other)
    clock.shift(15)
    deliver_due(NOTICES)
    assert (now(message).provider_message_id, len(twilio.attempts)) == (twilio.messages[1]["sid"], 2)


def test_a_trial_accounts_preface_does_not_hide_a_text(twilio, asha, clock):
    twilio.then(Answer.ACCEPT_THEN_DROP)
    message = tell(asha, "Hello")
    deliver_due(NOTICES)
    twilio.messages[0]["body"] = "Sent from your Twilio trial account - Hello"
    clock.shift(15)
    deliver_due(NOTICES)
    assert (now(message).status, len(twilio.attempts)) == (SmsStatus.SENT, 1)


def test_a_status_callback_is_asked_for_only_where_one_is_set(twilio, asha, settings):
    tell(asha)
    deliver_due(NOTICES)
    settings.TWILIO_STATUS_CALLBACK_URL = "https://km.example/api/v1/notifications/twilio/status"
    tell(asha)
    deliver_due(NOTICES)
    assert "StatusCallback" not in twilio.attempts[0]
    assert twilio.attempts[1]["StatusCallback"] == "https://km.example/api/v1/notifications/twilio/status"


def test_neither_a_code_nor_a_phone_gets_into_the_log(twilio, asha, clock, caplog):
    caplog.set_level(logging.INFO)
    twilio.then(Answer.ACCEPT_THEN_DROP, Answer.REFUSE, Answer.THROTTLE)
    tell_code()
    deliver_due(OTP)
    clock.shift(timedelta(seconds=30))
    tell(asha)
    deliver_due(NOTICES)
    deliver_due(OTP)
    assert len(twilio.questions) == 1
    assert "+91******3211" in caplog.text
    assert "482915" not in caplog.text
    assert "9876543211" not in caplog.text
