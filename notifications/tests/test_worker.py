"""A real Celery worker in a process of its own, from a commit to Twilio."""

import pytest
import time_machine
from django.utils import timezone

from notifications.delivery import deliver_due
from notifications.models import SmsMessage
from notifications.outbox import CLAIM_TIME
from notifications.tests.messages import NOTICES, tell, tell_code
from tests.support.fake_twilio import Answer
from tests.support.valkey import own_valkey
from tests.support.worker import celery_worker

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_is_committed_arrives_within_seconds_whatever_becomes_of_the_broker(twilio, asha):
    with own_valkey() as broker, celery_worker("otp", "notices", REDIS_URL=broker.url, **twilio.settings) as worker:
        tell_code(code="482915")
        assert twilio.wait_for(lambda fake: fake.bodies == ["Your OTP is: 482915 (valid for 5 min)"], seconds=10)
        broker.freeze()
        tell(asha, "Frozen")
        assert twilio.wait_for(lambda fake: "Frozen" in fake.bodies, seconds=10)
        broker.kill()
        twilio.delay = 1
        tell(asha, "Dead")
        assert twilio.wait_for(lambda fake: len(fake.attempts) == 3, seconds=10)
        assert worker.process.poll() is None
        # Here the worker is told to stop: it finishes what it has in hand.
    assert set(SmsMessage.objects.values_list("status", "provider_message_id")) == {
        ("SENT", message["sid"]) for message in twilio.messages
    }
    assert len(twilio.attempts) == 3
    output = "\n".join(worker.lines)
    assert "+91******3211: SENT" in output
    assert "482915" not in output
    assert "9876543211" not in output


def test_a_text_of_a_killed_worker_is_asked_about_and_not_sent_again(twilio, asha):
    tell(asha, "Waited for a worker")
    twilio.then(Answer.ACCEPT_THEN_HANG)
    with celery_worker("notices", **twilio.settings) as worker:
        assert twilio.wait_for(lambda fake: fake.messages)
        worker.kill()
    with time_machine.travel(timezone.now() + CLAIM_TIME):
        deliver_due(NOTICES)
    assert SmsMessage.objects.get().provider_message_id == twilio.messages[0]["sid"]
    assert (len(twilio.attempts), len(twilio.questions)) == (1, 1)
