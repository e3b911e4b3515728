"""From a commit to a worker: wake-ups, the timer, and life without a broker."""

import threading

import pytest
from django.db import connection

from core import pg_notify
from kissanmitra.celery import app
from notifications.services import WAKE_UP_CHANNEL
from notifications.tasks import PARALLEL_DELIVERIES, deliver
from notifications.tests.messages import NOTICES, OTP, tell, tell_code


class Starts:
    """What a listener started, and a wait for it."""

    def __init__(self):
        self.queues, self.changed, self.error = [], threading.Condition(), None

    def __call__(self, queue):
        with self.changed:
            self.queues.append(queue)
            self.changed.notify_all()
        if self.error:
            raise self.error

    def wait_for(self, *queues):
        with self.changed:
            return self.changed.wait_for(lambda: self.queues[: len(queues)] == list(queues), timeout=10)


@pytest.fixture
def listen(transactional_db, monkeypatch):
    """`listen(queue, ...)` starts a listener for them, and answers what it will have started."""
    monkeypatch.setattr(pg_notify, "POLL_INTERVAL", 0.1)
    stopping, started = threading.Event(), []

    def start(*queues):
        starts = Starts()
        listener = pg_notify.Listener(WAKE_UP_CHANNEL, queues, starts, stopping)
        listener.start()
        started.append(listener)
        return starts

    yield start
    stopping.set()
    for listener in started:
        listener.join(5)
        assert not listener.is_alive()


def test_a_listener_starts_what_waits_already_and_then_what_is_committed(listen, asha):
    starts = listen(NOTICES)
    assert starts.wait_for(NOTICES)
    tell(asha)
    assert starts.wait_for(NOTICES, NOTICES)


def test_a_listener_hears_its_own_queue_only(listen, asha):
    starts = listen(OTP)
    assert starts.wait_for(OTP)
    tell(asha)
    tell_code()
    assert starts.wait_for(OTP, OTP)
    assert starts.queues == [OTP, OTP]


def test_a_burst_is_a_few_wake_ups(listen, asha):
    starts = listen(NOTICES)
    assert starts.wait_for(NOTICES)
    with connection.cursor() as cursor:
        for _ in range(1000):
            cursor.execute("SELECT pg_notify('sms_outbox', 'notices')")
        cursor.execute("SELECT pg_notify('sms_outbox', 'otp')")
    assert starts.wait_for(NOTICES, NOTICES)
    assert len(starts.queues) < 20


def test_a_listener_whose_connection_dies_comes_back_and_misses_nothing(listen):
    starts = listen(NOTICES)
    assert starts.wait_for(NOTICES)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'LISTEN%%'"
        )
    assert starts.wait_for(NOTICES, NOTICES)


def test_a_delivery_that_fails_does_not_deafen_the_listener(listen, asha):
    starts = listen(NOTICES)
    assert starts.wait_for(NOTICES)
    starts.error = ValueError("surprise")
    tell(asha)
    assert starts.wait_for(NOTICES, NOTICES)
    starts.error = None
    assert starts.wait_for(NOTICES, NOTICES, NOTICES)  # it starts over


def test_a_delivery_goes_to_the_celery_queue_of_its_outbox_queue():
    for queue in [OTP, NOTICES]:
        assert app.amqp.router.route({}, deliver.name, [queue])["queue"].name == queue
    assert app.amqp.router.route({}, "leases.tasks.other", [OTP])["queue"].name == "celery"


def test_the_timer_sweeps_both_queues_and_leaves_no_pile():
    sweeps = [entry for entry in app.conf.beat_schedule.values() if entry["task"] == deliver.name]
    assert sorted(entry["args"][0] for entry in sweeps) == [NOTICES, OTP]
    for entry in sweeps:
        assert entry["schedule"] == 10
        assert entry["options"]["expires"] <= entry["schedule"]


def test_what_is_asked_for_often_before_it_begins_is_done_once():
    started, released, done = threading.Semaphore(0), threading.Event(), []

    def deliver(queue):
        started.release()
        released.wait(10)
        done.append(queue)

    deliveries = pg_notify.QueueRunner(NOTICES, deliver, at_once=PARALLEL_DELIVERIES)
    for _ in range(PARALLEL_DELIVERIES):  # all threads are busy
        deliveries.start()
        assert started.acquire(timeout=10)
    for _ in range(1000):
        deliveries.start()
    released.set()
    assert started.acquire(timeout=10)
    deliveries.finish()
    assert done == [NOTICES] * (PARALLEL_DELIVERIES + 1)


def test_a_delivery_that_breaks_off_does_not_stop_the_next(caplog):
    attempts = threading.Semaphore(0)

    def deliver(queue):
        attempts.release()
        raise ValueError("surprise")

    deliveries = pg_notify.QueueRunner(NOTICES, deliver, at_once=PARALLEL_DELIVERIES)
    for _ in range(3):
        deliveries.start()
        assert attempts.acquire(timeout=10)
    deliveries.finish()
    assert "Work on the queue notices failed" in caplog.text
