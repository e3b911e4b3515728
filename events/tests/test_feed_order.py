"""Test that the feed sends every committed change once, in the order of commits, and nothing else."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from events.feed.stream import CACHED_FRAMES
from events.models import OrderEvent
from orders.choices import Kind
from tests.support import factories
from tests.support.feed import change, many_changes
from tests.support.races import together

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def notifications_off() -> Iterator[None]:
    """Stop PostgreSQL from sending notifications, as if the connection had just broken."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE events_orderevent DISABLE TRIGGER announce_event")
        try:
            yield
        finally:
            cursor.execute("ALTER TABLE events_orderevent ENABLE TRIGGER announce_event")


def test_an_order_accepted_over_the_api_is_sent_in_the_documented_frame(api, watch, tractor, ravi, meena):
    order = factories.order(Kind.LEASE, tractor, ravi)
    watchers = [watch(on=0), watch(on=1)]
    api(meena).patch(f"/orders/{order.pk}/status", {"toState": "ACCEPTED"})
    timestamp = api(ravi).get(f"/orders/{order.pk}/history").body["data"][-1]["timestamp"]
    for watcher in watchers:
        assert watcher.frame_of("status_change") == {
            "type": "status_change",
            "order_id": str(order.pk),
            "status": "ACCEPTED",
            "timestamp": timestamp,
            "territory_id": "pune",
            "order_kind": "LEASE",
            "previous_status": "INTEREST_RAISED",
            "seq": 1,
        }


def test_without_since_the_feed_starts_at_the_newest_event(watch, ravi):
    change(ravi)
    watcher = watch()
    assert watcher.frame() == {"type": "hello", "territory_id": "pune", "seq": 1}
    change(ravi)
    assert watcher.seqs(1) == [2]


def test_with_since_the_feed_starts_with_the_missed_events(watch, ravi):
    for _ in range(5):
        change(ravi)
    watcher = watch(since=2)
    assert watcher.frame() == {"type": "hello", "territory_id": "pune", "seq": 2}
    change(ravi)
    assert watcher.seqs(4) == [3, 4, 5, 6]


def test_missed_events_beyond_the_cache_are_sent_too(watch, ravi):
    count = CACHED_FRAMES + 300
    many_changes(ravi, count)
    for since in (0, 100):
        watcher = watch(since=since)
        assert watcher.seqs(count - since) == list(range(since + 1, count + 1))
    change(ravi)
    assert watcher.seqs(1) == [count + 1]


def test_changes_of_other_territories_are_not_sent(watch, ravi):
    factories.works_in(factories.territory("nashik", "422"), ravi)
    pune, nashik = watch(), watch(territory="nashik")
    change(ravi, territory_id="nashik", status="CLOSED")
    change(ravi, status="ACTIVE")
    assert pune.frame_of("status_change")["status"] == "ACTIVE"
    assert nashik.frame_of("status_change")["status"] == "CLOSED"


def test_a_change_that_is_rolled_back_is_never_sent_and_leaves_no_gap(watch, ravi):
    watcher = watch()
    with transaction.atomic():
        change(ravi, status="CANCELLED")
        transaction.set_rollback(True)
    change(ravi, status="ACCEPTED")
    frame = watcher.frame_of("status_change")
    assert (frame["status"], frame["seq"]) == ("ACCEPTED", 1)


def test_a_late_commit_with_a_lower_number_is_sent_first(watch, ravi):
    watcher, has_number, may_commit = watch(), threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            change(ravi, status="UNDER_REVIEW")
            has_number.set()
            may_commit.wait(20)

    def quick() -> None:
        has_number.wait(20)
        change(ravi, status="ACCEPTED")

    def release() -> None:
        has_number.wait(20)
        with pytest.raises(TimeoutError):
            watcher.frame_of("status_change", seconds=0.5)
        may_commit.set()

    together(slow, quick, release)
    sent = [watcher.frame_of("status_change") for _ in range(2)]
    assert [(frame["status"], frame["seq"]) for frame in sent] == [("UNDER_REVIEW", 1), ("ACCEPTED", 2)]


def test_a_number_the_feed_never_reached_is_answered_with_resync(watch, ravi):
    change(ravi)
    watcher = watch(since=41)
    assert watcher.frame() == {"type": "resync", "territory_id": "pune", "seq": 1}
    change(ravi)
    assert watcher.seqs(1) == [2]


def test_a_process_catches_up_for_a_client_that_comes_from_one_that_is_ahead(watch, ravi):
    behind = watch(on=1)
    change(ravi)
    assert behind.seqs(1) == [1]
    with notifications_off():
        change(ravi)
        assert watch(on=0, since=1).seqs(1) == [2]
        assert watch(on=1, since=2).frame()["type"] == "hello"
    assert behind.seqs(1) == [2]


def test_a_restored_backup_sends_resync_to_open_sockets(watch, ravi):
    watcher = watch()
    many_changes(ravi, 3)
    assert watcher.seqs(3) == [1, 2, 3]
    with connection.cursor() as cursor:  # like restoring an older backup
        cursor.execute("TRUNCATE events_orderevent, events_feedposition")
    assert watcher.frame_of("resync") == {"type": "resync", "territory_id": "pune", "seq": 0}
    change(ravi)
    assert watcher.seqs(1) == [1]


def test_a_heartbeat_has_the_newest_number(watch, ravi):
    change(ravi)
    assert watch().frame_of("heartbeat") == {"type": "heartbeat", "territory_id": "pune", "seq": 1}


def test_a_lost_notification_delays_the_frame_by_seconds(watch, ravi):
    watcher = watch()
    with notifications_off():
        change(ravi)
        assert watcher.seqs(1, seconds=5) == [1]


def test_the_feed_survives_the_loss_of_its_database_connections(watch, ravi):
    watchers = [watch(on=0), watch(on=1)]
    change(ravi)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        assert len(cursor.fetchall()) >= 4
    change(ravi)
    assert [watcher.seqs(2) for watcher in watchers] == [[1, 2], [1, 2]]
    assert OrderEvent.objects.count() == 2
