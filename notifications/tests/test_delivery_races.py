"""Several workers at once, on connections of their own."""

import threading
import uuid
from collections import Counter

import pytest
from django.db import connection, connections

from notifications.delivery import deliver_due
from notifications.models import SmsMessage
from notifications.outbox import claim_due
from notifications.tests.messages import NOTICES, now, tell
from tests.support import factories
from tests.support.fake_twilio import Answer
from tests.support.races import together

pytestmark = pytest.mark.django_db(transaction=True)


def test_workers_at_the_same_queue_send_each_text_once_and_in_order(twilio):
    people = [factories.user(f"+9198765432{number:02}", f"P{number}") for number in range(8)]
    order = uuid.uuid4()
    for step in range(10):
        for person in people:
            tell(person, f"Step {step}", about=order)
    together(*[lambda: deliver_due(NOTICES)] * 3)
    deliver_due(NOTICES)  # what one worker kept from the others until they had given up waiting
    assert Counter(SmsMessage.objects.values_list("status", flat=True)) == {"SENT": 80}
    assert len(twilio.attempts) == 80
    for person in people:
        to_one = [message["body"] for message in twilio.messages if message["to"] == person.phone]
        assert to_one == [f"Step {step}" for step in range(10)]


def test_claims_made_at_the_same_moment_never_meet(asha):
    for _ in range(24):
        tell(asha)
    claims = together(*[lambda: claim_due(NOTICES, 6)] * 4)
    claimed = [message.pk for batch in claims for message in batch]
    assert len(claimed) == len(set(claimed)) == 24


def test_a_claim_does_not_wait_for_a_text_that_another_worker_is_just_claiming(asha):
    locked, free = tell(asha), tell(asha)
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute("SELECT id FROM notifications_smsmessage WHERE id = %s FOR UPDATE", [locked.pk])
        assert [message.pk for message in claim_due(NOTICES, 8)] == [free.pk]
    finally:
        other.close()


def test_no_transaction_and_no_lock_is_held_while_twilio_thinks(twilio, asha):
    twilio.then(Answer.ACCEPT_THEN_HANG)
    message = tell(asha)
    worker = threading.Thread(target=_deliver_and_disconnect)
    worker.start()
    assert twilio.wait_for(lambda fake: fake.messages)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND state LIKE 'idle in transaction%%'"
        )
        assert cursor.fetchone() == (0,)
    assert SmsMessage.objects.select_for_update(nowait=True).filter(pk=message.pk).update(correlation_id="x") == 1
    twilio.release()
    worker.join()
    assert now(message).outcome_unknown_since is not None


def _deliver_and_disconnect():
    try:
        deliver_due(NOTICES)
    finally:
        connections.close_all()
