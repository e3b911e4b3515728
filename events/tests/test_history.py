"""Test that the order history is complete, numbered without gaps, and immutable."""

from functools import partial

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from accounts.models import Role, Territory
from events.models import OrderEvent
from events.queries import feed_after, history_of, newest_seq
from events.services import record_change
from orders.choices import Kind
from orders.services import change_order_status
from tests.support import factories
from tests.support.clients import actor
from tests.support.races import together


@pytest.fixture
def pune(db):
    territory = Territory.objects.create(id="pune", name="Pune")
    territory.prefixes.create(prefix="411")
    return territory


@pytest.fixture
def lease_order(tractor, ravi):
    return factories.order(Kind.LEASE, tractor, ravi)


def history(order) -> list[tuple]:
    return list(history_of(order.pk).values_list("previous_status", "status", "note", "seq"))


def test_every_change_of_status_adds_one_row(api, pune, tractor, ravi, meena):
    order = {"deviceId": str(tractor.pk), "startDate": "2024-01-15", "endDate": "2024-01-20", "note": "For May"}
    created = api(ravi, Role.VLE).post("/orders", order, format="json", HTTP_X_CORRELATION_ID="req-1").body["data"]
    change = {"toState": "ACCEPTED", "note": "Approved"}
    api(meena).patch(f"/orders/{created['id']}/status", change, format="json", HTTP_X_CORRELATION_ID="req-2")
    rows = history_of(created["id"]).values_list(
        "order_kind", "previous_status", "status", "note", "changed_by", "source", "correlation_id", "territory", "seq"
    )
    assert list(rows) == [
        ("LEASE", None, "INTEREST_RAISED", "For May", ravi.pk, "api", "req-1", "pune", 1),
        ("LEASE", "INTEREST_RAISED", "ACCEPTED", "Approved", meena.pk, "api", "req-2", "pune", 2),
    ]


def test_a_refused_change_adds_no_row(api, pune, lease_order, ravi):
    api(ravi).patch(f"/orders/{lease_order.pk}/status", {"toState": "ACCEPTED"}, format="json")
    assert history(lease_order) == []


def test_a_device_outside_of_all_territories_has_a_history_but_no_feed(pune, meena, ravi):
    order = factories.order(Kind.LEASE, factories.device("Far away", pincode="560001"), ravi)
    change_order_status(order, to="ACCEPTED", by=actor(meena))
    assert history(order) == [("INTEREST_RAISED", "ACCEPTED", "", None)]


def test_the_longest_prefix_decides_the_territory(pune, meena, ravi, lease_order):
    inner = Territory.objects.create(id="pune-city", name="Pune city")
    inner.prefixes.create(prefix="41100")
    change_order_status(lease_order, to="ACCEPTED", by=actor(meena))
    assert OrderEvent.objects.get().territory == inner


def test_the_feed_is_read_in_order_from_any_number(pune, meena, lease_order):
    for to in ("UNDER_REVIEW", "ACCEPTED", "PICKUP_SCHEDULED"):
        change_order_status(lease_order, to=to, by=actor(meena))
    assert [event.status for event in feed_after("pune", 1, limit=10)] == ["ACCEPTED", "PICKUP_SCHEDULED"]
    assert [event.seq for event in feed_after("pune", 0, limit=2)] == [1, 2]
    assert (newest_seq("pune"), newest_seq("nashik")) == (3, 0)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE events_orderevent SET note = 'forged'",
        "UPDATE events_orderevent SET seq = seq + 1",
        "DELETE FROM events_orderevent",
    ],
)
def test_the_history_cannot_be_changed(pune, meena, lease_order, statement):
    change_order_status(lease_order, to="ACCEPTED", by=actor(meena))
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        cursor.execute(statement)
    assert history(lease_order) == [("INTEREST_RAISED", "ACCEPTED", "", 1)]


def test_the_history_cannot_be_truncated(db):
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        cursor.execute("ALTER TABLE events_orderevent ENABLE TRIGGER keep_events")
        cursor.execute("TRUNCATE events_orderevent")


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gaps_and_follow_the_commits(pune, meena, tractor, ravi):
    by = actor(meena)
    orders = [factories.order(Kind.LEASE, tractor, ravi) for _ in range(20)]
    together(*[partial(_review, order, by, fails=number % 5 == 0) for number, order in enumerate(orders)])
    assert [event.seq for event in feed_after("pune", 0, limit=100)] == list(range(1, 17))


def _review(order, by, *, fails: bool) -> None:
    try:
        with transaction.atomic():
            change_order_status(order, to="UNDER_REVIEW", by=by)
            if fails:
                raise RuntimeError("after its number was taken")
    except RuntimeError:
        assert fails


def test_a_sequence_number_cannot_be_chosen(pune, meena, lease_order):
    event = record_change(
        order_id=lease_order.pk, kind="LEASE", status="CLOSED", previous=None, by=actor(meena), territory_id="pune"
    )
    forged = OrderEvent.objects.create(
        order_id=lease_order.pk, order_kind="LEASE", status="CLOSED", source="api", territory=pune, seq=99
    )
    rows = OrderEvent.objects.filter(pk__in=[event.pk, forged.pk]).order_by("seq")
    assert list(rows.values_list("seq", flat=True)) == [1, 2]
