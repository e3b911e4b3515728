"""When texts are tried, in which order, how often, and what becomes of those whose worker died."""

import uuid
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from notifications.choices import SmsStatus
from notifications.delivery import deliver_due
from notifications.outbox import claim_due, record_outcome
from notifications.outcomes import Accepted, Refused
from notifications.tests.messages import NOTICES, OTP, now, tell, tell_code
from tests.support.fake_twilio import Answer


def test_each_queue_delivers_its_own(twilio, asha):
    notice, code = tell(asha, "A notice"), tell_code(code="482915")
    deliver_due(OTP)
    assert (now(notice).status, now(code).status) == (SmsStatus.PENDING, SmsStatus.SENT)
    assert twilio.bodies == ["Your OTP is: 482915 (valid for 5 min)"]
    deliver_due(NOTICES)
    assert now(notice).status == SmsStatus.SENT


@pytest.mark.parametrize("answer", [Answer.ACCEPT, Answer.REFUSE])
def test_a_secret_is_forgotten_once_it_waits_no_more(twilio, answer):
    twilio.then(answer)
    code = tell_code()
    deliver_due(OTP)
    assert now(code).status in {SmsStatus.SENT, SmsStatus.FAILED}
    assert now(code).encrypted_text is None


def test_a_secret_that_cannot_be_read_any_more_has_failed(twilio, settings):
    code = tell_code()
    settings.SMS_ENCRYPTION_KEY = "00" * 32
    deliver_due(OTP)
    assert (now(code).status, now(code).error) == (
        SmsStatus.FAILED,
        "The encrypted text cannot be read with the present key",
    )
    assert twilio.attempts == []


def test_texts_to_one_phone_about_one_thing_arrive_in_order(twilio, asha):
    order = uuid.uuid4()
    for number in range(5):
        tell(asha, f"Step {number}", about=order)
    deliver_due(NOTICES)
    assert twilio.bodies == [f"Step {number}" for number in range(5)]


def test_a_text_waits_for_the_one_before_it_and_for_no_other(twilio, asha, ravi, clock):
    twilio.then(Answer.THROTTLE)
    order = uuid.uuid4()
    tell(asha, "First", about=order)
    deliver_due(NOTICES)
    clock.shift(1)
    tell(asha, "Second", about=order)
    tell(asha, "About another order")
    tell(ravi, "To another phone", about=order)
    deliver_due(NOTICES)
    assert sorted(twilio.bodies) == ["About another order", "To another phone"]
    clock.shift(10)
    deliver_due(NOTICES)
    assert twilio.bodies[2:] == ["First", "Second"]


def test_what_failed_holds_nothing_up(twilio, asha):
    twilio.then(Answer.REFUSE)
    order = uuid.uuid4()
    tell(asha, "First", about=order)
    tell(asha, "Second", about=order)
    deliver_due(NOTICES)
    assert twilio.bodies == ["Second"]


def test_pauses_double_up_to_the_longest_and_differ(twilio, asha, clock):
    twilio.always = Answer.THROTTLE
    twilio.retry_after = ""
    texts = [tell(asha) for _ in range(8)]
    for longest in [5, 10, 20, 40, 80, 160, 300, 300]:
        deliver_due(NOTICES)
        pauses = [(now(text).next_try_at - timezone.now()).total_seconds() for text in texts]
        assert all(longest / 2 <= pause <= longest for pause in pauses)
        assert len(set(pauses)) == len(pauses)
        clock.shift(longest)


def test_a_one_time_password_never_pauses_longer_than_it_can_afford(twilio, clock):
    twilio.always = Answer.THROTTLE
    code = tell_code()
    for _ in range(6):
        deliver_due(OTP)
        pause = (now(code).next_try_at - timezone.now()).total_seconds()
        assert pause <= 30
        clock.shift(30)


def test_what_is_not_delivered_in_its_time_is_given_up_with_the_last_reason(twilio, asha, clock):
    twilio.always = Answer.THROTTLE
    code, notice = tell_code(), tell(asha)
    deliver_due(OTP)
    deliver_due(NOTICES)
    clock.shift(timedelta(minutes=5))
    deliver_due(OTP)
    deliver_due(NOTICES)
    assert (now(code).status, now(code).error) == (SmsStatus.FAILED, "Not delivered in time. 20429: Too Many Requests")
    assert now(code).encrypted_text is None
    assert now(notice).status == SmsStatus.PENDING
    clock.shift(timedelta(hours=72))
    tried = len(twilio.attempts)
    deliver_due(NOTICES)
    assert now(notice).status == SmsStatus.FAILED
    assert len(twilio.attempts) == tried


def test_a_message_never_tried_expires_too(twilio, clock):
    code = tell_code()
    clock.shift(301)
    deliver_due(OTP)
    assert (now(code).status, now(code).error, twilio.attempts) == (SmsStatus.FAILED, "Not delivered in time.", [])


def test_a_text_whose_time_is_over_is_not_taken_up_any_more(clock):
    tell_code()
    clock.shift(300)
    assert claim_due(OTP, 8) == []


def test_a_claimed_message_is_not_claimed_again(twilio, asha, clock):
    tell(asha)
    assert len(claim_due(NOTICES, 8)) == 1
    clock.shift(29)
    assert deliver_due(NOTICES) == 0


def test_a_worker_killed_before_sending_leaves_a_text_that_is_asked_about_and_sent(twilio, asha, clock):
    message = tell(asha)
    claim_due(NOTICES, 8)  # and then a power cut
    clock.shift(31)
    deliver_due(NOTICES)
    assert (now(message).status, len(twilio.questions), len(twilio.attempts)) == (SmsStatus.SENT, 1, 1)


def test_a_worker_killed_after_sending_leaves_a_text_that_is_not_sent_again(twilio, asha, clock):
    message = tell(asha)
    claim_due(NOTICES, 8)
    sid = twilio.take({"To": message.to, "From": "us", "Body": message.text})["sid"]  # and then a power cut
    clock.shift(31)
    deliver_due(NOTICES)
    assert (now(message).status, now(message).provider_message_id) == (SmsStatus.SENT, sid)
    assert twilio.attempts == []


def test_a_worker_that_comes_back_too_late_sends_nothing(twilio, asha, clock, monkeypatch):
    message = tell(asha)
    mine = claim_due(NOTICES, 8)
    clock.shift(31)  # the machine slept
    monkeypatch.setattr("notifications.delivery.claim_due", lambda queue, limit: [mine.pop()] if mine else [])
    deliver_due(NOTICES)
    assert twilio.attempts == []
    assert now(message).status == SmsStatus.PENDING


def test_an_outcome_that_comes_too_late_does_not_undo_another_workers(asha, clock):
    message = tell(asha)
    [late] = claim_due(NOTICES, 8)
    clock.shift(31)
    [present] = claim_due(NOTICES, 8)
    record_outcome(late, Refused("Too late"))
    assert (now(message).status, now(message).claimed_until) == (SmsStatus.PENDING, present.claimed_until)
    record_outcome(present, Accepted("SM1"))
    record_outcome(late, Refused("Too late"))
    assert (now(message).status, now(message).error) == (SmsStatus.SENT, "")


def test_an_unforeseen_error_leaves_a_text_in_doubt_and_the_others_alone(twilio, asha, ravi, clock, monkeypatch):
    tell(ravi)
    broken = tell(asha, "Broken")
    monkeypatch.setattr(
        "notifications.twilio_sender._text_to_send",
        lambda message: message.text if message.text != "Broken" else {}["surprise"],
    )
    deliver_due(NOTICES)
    assert len(twilio.messages) == 1
    assert (now(broken).status, now(broken).error) == (SmsStatus.PENDING, "KeyError while sending")
    assert now(broken).outcome_unknown_since == timezone.now()


def test_claiming_costs_the_same_however_many_wait(asha, django_assert_max_num_queries):
    for _ in range(12):
        tell(asha)
    with django_assert_max_num_queries(5):
        assert len(claim_due(NOTICES, 8)) == 8


def test_a_stopping_worker_takes_nothing_up_and_wakes_the_others(twilio, asha):
    tell(asha)
    statements = _Statements()
    with connection.execute_wrapper(statements):
        assert deliver_due(NOTICES, should_stop=lambda: True) == 0
    assert twilio.attempts == []
    assert "pg_notify" in statements.all[-1]


class _Statements:
    """Notes every statement."""

    def __init__(self):
        self.all = []

    def __call__(self, execute, sql, params, many, context):
        self.all.append(sql)
        return execute(sql, params, many, context)
