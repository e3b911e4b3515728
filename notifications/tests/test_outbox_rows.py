"""What is recorded when people are told, and what a request needs for it."""

import uuid

import pytest
from django.db import IntegrityError, connection, transaction

from core.correlation import correlated
from notifications.models import SmsMessage
from notifications.services import Notification, Related, notify
from notifications.tests.messages import NOTICES, OTP, now, tell, tell_code

ORDER = uuid.uuid4()


def test_a_notice_is_recorded_with_all_that_staff_will_ask_for(asha, clock):
    with correlated("req-1"):
        row = notify([Notification("ORDER_CREATED", asha, "Text")], about=Related("ORDER", ORDER, "INTEREST_RAISED"))[0]
    row = now(row)
    assert (row.event, row.to, row.recipient, row.text) == ("ORDER_CREATED", "+919876543211", asha, "Text")
    assert (row.related_type, row.related_id, row.correlation_id) == ("ORDER", ORDER, "req-1")
    assert (row.status, row.queue, row.encrypted_text) == ("PENDING", NOTICES, None)
    assert (row.expires_at - row.created_at).total_seconds() == 72 * 3600


def test_telling_twice_of_the_same_happening_is_telling_once(asha, ravi):
    about = Related("ORDER", ORDER, "ACCEPTED")
    notify([Notification("E", asha, "First")], about=about)
    notify([Notification("E", asha, "Second"), Notification("E", ravi, "Second")], about=about)
    assert sorted(SmsMessage.objects.values_list("to", "text")) == [
        ("+919876543210", "Second"),
        ("+919876543211", "First"),
    ]


def test_a_secret_is_nowhere_in_the_database_in_clear():
    row = tell_code(code="482915")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT notifications_smsmessage::text, encode(encrypted_text, 'escape') FROM notifications_smsmessage"
        )
        everything = " ".join(cursor.fetchone())
    assert "482915" not in everything
    assert (now(row).queue, now(row).text) == (OTP, "Your OTP is: ****** (valid for 5 min)")


def test_the_database_keeps_no_secret_of_a_text_that_waits_no_more():
    row = tell_code()
    with pytest.raises(IntegrityError, match="sms_secret_only_while_waiting"), transaction.atomic():
        SmsMessage.objects.filter(pk=row.pk).update(status="SENT")


@pytest.fixture
def ear(transactional_db):
    """Another connection, which listens for wake-ups."""
    with connection.copy().cursor() as cursor:
        cursor.execute("LISTEN sms_outbox")
        yield cursor.connection
        cursor.connection.close()


def heard(ear):
    return [notice.payload for notice in ear.notifies(timeout=0.1)]


def test_workers_hear_of_texts_at_commit(ear, asha):
    with transaction.atomic():
        tell(asha)
        tell_code()
        assert heard(ear) == []
    assert sorted(heard(ear)) == ["notices", "otp"]


def test_nothing_is_heard_or_kept_of_what_is_rolled_back(ear, asha):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        tell(asha)
        raise ZeroDivisionError
    assert heard(ear) == []
    assert not SmsMessage.objects.exists()


def test_telling_needs_neither_broker_nor_twilio(asha, settings, monkeypatch, django_assert_num_queries):
    def refuse_connections(*_):
        raise AssertionError("a request opened a connection")

    tell(asha)  # the database is connected
    monkeypatch.setattr("socket.socket.connect", refuse_connections)
    settings.CELERY_BROKER_URL = settings.REDIS_URL = "redis://127.0.0.1:1/0"
    with django_assert_num_queries(2):
        row = tell(asha)
    assert now(row).status == "PENDING"
