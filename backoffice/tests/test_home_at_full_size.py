"""Test the home page with 100,000 orders and their history: the number of queries and the response time."""

import statistics
import time
from itertools import islice

import pytest
from django.db import connection

from devices.models import Device
from tests.support import factories

ORDERS = 100_000
DEVICES = 500
ORDERS_IN_29_DAYS = 29 * 24 * 3600 // 315  # the 30th day has just started at midnight
MAX_QUERIES = 12
MAX_SECONDS = 0.5

# Created over a year, one every 315 seconds; each device has one on each of 200 days, so that none overlap.
MANY_ORDERS = """
INSERT INTO orders_order (id, created_at, updated_at, kind, device_id, requester_id, handler_vle_id, start_date,
                          end_date, note, status)
SELECT gen_random_uuid(), now() - n * interval '315 seconds', now(), kind, devices[n %% 500 + 1], %(requester)s,
       CASE kind WHEN 'RENT' THEN %(vle)s::uuid END, current_date - n / 500, current_date - n / 500, '',
       (ARRAY['INTEREST_RAISED', 'UNDER_REVIEW', 'ACCEPTED', 'CLOSED', 'CLOSED', 'REJECTED', 'CLOSED', 'CANCELLED'])
       [n / 3 %% 8 + 1]
FROM (SELECT n, %(devices)s::uuid[] AS devices, CASE n %% 2 WHEN 0 THEN 'LEASE' ELSE 'RENT' END AS kind
      FROM generate_series(0, %(orders)s - 1) AS n) AS numbered
"""
HISTORY = """
INSERT INTO events_orderevent (id, order_id, order_kind, status, previous_status, source, note, correlation_id,
                               created_at)
SELECT gen_random_uuid(), id, kind, change.status, change.previous, 'api', '', '', created_at + change.after
FROM orders_order,
     (VALUES ('INTEREST_RAISED', NULL, interval '0'), ('ACCEPTED', 'INTEREST_RAISED', interval '3 hours'))
     AS change (status, previous, after)
WHERE change.status = 'INTEREST_RAISED' OR orders_order.status IN ('ACCEPTED', 'CLOSED')
"""


@pytest.fixture
def superuser(client, superuser):
    client.force_login(superuser)
    return superuser


@pytest.fixture
def full_size(superuser, tractor, ravi):
    copies = (Device(name="Tractor", status="LIVE", **_required_fields(tractor)) for _ in range(DEVICES - 1))
    Device.objects.bulk_create(islice(copies, DEVICES))
    devices = list(Device.objects.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        # Skip triggers and foreign keys: writing is not what is tested.
        cursor.execute("SET LOCAL session_replication_role = replica; SET LOCAL statement_timeout = 0")
        values = {"requester": ravi.pk, "vle": ravi.vle_profile.pk, "devices": devices, "orders": ORDERS}
        cursor.execute(MANY_ORDERS, values)
        cursor.execute(HISTORY)
        cursor.execute("ANALYZE orders_order, events_orderevent, devices_device")


def _required_fields(device):
    return {
        "device_type": device.device_type,
        "manufacturer": device.manufacturer,
        "pincode": "411001",
    } | factories.PUNE


def test_many_orders_need_few_queries_and_answer_in_time(full_size, client, django_assert_max_num_queries):
    factories.territory("pune", "411")
    with django_assert_max_num_queries(MAX_QUERIES):
        page = client.get("/admin/")
    assert page.context["home"]["cards"][0].number > 10_000
    assert page.context["home"]["orders"].total >= ORDERS_IN_29_DAYS
    # The best of three medians: a machine that runs other tests is slow at times.
    assert any(statistics.median(_seconds(client) for _ in range(5)) < MAX_SECONDS for _ in range(3))


def test_no_orders_need_as_few_queries(superuser, client, django_assert_max_num_queries):
    client.get("/admin/")
    with django_assert_max_num_queries(MAX_QUERIES):
        client.get("/admin/")


def _seconds(client):
    start = time.perf_counter()
    client.get("/admin/")
    return time.perf_counter() - start
