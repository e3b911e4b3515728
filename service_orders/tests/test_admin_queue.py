"""Test the verification queue: its order, what comes next, and concurrent decisions."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from events.models import OrderEvent
from service_orders.models import ServiceOrder
from service_orders.tests.backoffice import IN_QUEUE, LIST, NEXT, QUEUE, decide, messages, messages_on, page_of, queued
from tests.support import factories
from tests.support.races import together

WAITING = [  # hours ago, priority, patient
    (1, "normal", "the newest"),
    (50, "normal", "the oldest"),
    (2, "urgent", "urgent"),
    (3, "emergency", "later emergency"),
    (30, "urgent", "urgent since yesterday"),
    (4, "emergency", "first emergency"),
]
IN_ORDER = [
    *("first emergency", "later emergency", "urgent since yesterday", "urgent", "the oldest", "the newest"),
]


def wait(territory, creator, hours, priority="normal", patient="a patient"):
    order = factories.service_order(territory, creator, priority=priority, patient_id=patient)
    ServiceOrder.objects.filter(pk=order.pk).update(created_at=timezone.now() - timedelta(hours=hours))
    return order


@pytest.fixture
def line(pune, ravi):
    """Return six waiting orders of Pune, in the order of the queue."""
    orders = {patient: wait(pune, ravi, hours, priority, patient) for hours, priority, patient in WAITING}
    return [orders[patient] for patient in IN_ORDER]


@pytest.fixture
def desk(desk_of, pune):
    return desk_of("manager", pune=True)


def test_emergencies_come_first_then_the_urgent_then_the_oldest(desk, line):
    assert [order.patient_id for order in desk.get(QUEUE).context["orders"]] == IN_ORDER


def test_each_row_shows_what_is_needed_to_choose(desk, pune, ravi):
    order = wait(pune, ravi, 50, "urgent", "patient-9")
    row = desk.get(QUEUE).content.decode().split('class="queue"')[1].split("<tbody>")[1]
    for text in (order.tracking_id, "Urgent", "2\xa0days", "patient-9", "provider-1", "spraying", "Ravi", "Pune"):
        assert text in row


def test_the_queue_contains_only_waiting_orders(desk, pune, ravi):
    for status in ("verified", "rejected", "completed", "cancelled"):
        factories.service_order(pune, ravi, status=status)
    page = desk.get(QUEUE)
    assert queued(page) == []
    assert "All verified. Nothing waits." in page.content.decode()


def test_the_queue_covers_the_territories_of_a_verifier(desk_of, line, nashik, ravi):
    there = wait(nashik, ravi, 1)
    everything = [there.tracking_id, *(order.tracking_id for order in line)]
    assert queued(desk_of("manager", pune=True, nashik=False).get(QUEUE)) == everything[1:]
    assert queued(desk_of("manager", nashik=True).get(QUEUE)) == everything[:1]
    assert queued(desk_of("manager").get(QUEUE)) == []
    assert queued(desk_of("superuser", nashik=True).get(QUEUE)) == everything[:1]


@pytest.mark.parametrize("kind", ["viewer", "operator", "superuser"])
def test_staff_who_verify_nowhere_see_the_whole_queue_read_only(desk_of, line, nashik, ravi, kind):
    wait(nashik, ravi, 1)
    page = desk_of(kind).get(QUEUE)
    assert len(queued(page)) == 7
    assert "look at what waits, and not decide it" in page.content.decode()


def test_the_queue_needs_the_view_permission(desk_of, line):
    stranger = desk_of("no rights")
    assert [stranger.get(address).status_code for address in (QUEUE, NEXT)] == [403, 403]
    stranger.logout()
    assert stranger.get(QUEUE).url.startswith("/admin/login/")


def test_the_queue_is_narrowed_by_territory_and_priority(desk_of, line, nashik, ravi):
    desk = desk_of("manager", pune=True, nashik=True)
    there = wait(nashik, ravi, 1, "urgent")
    assert queued(desk.get(f"{QUEUE}?territory=nashik")) == [there.tracking_id]
    assert len(queued(desk.get(f"{QUEUE}?priority=urgent"))) == 3
    assert len(queued(desk.get(f"{QUEUE}?priority=urgent&territory=pune"))) == 2
    empty = desk.get(f"{QUEUE}?priority=emergency&territory=nashik")
    assert queued(empty) == []
    assert "Nothing of this kind waits." in empty.content.decode()


@pytest.mark.parametrize("query", ["?priority=none", "?page=x", "?page=99", "?skipped=x", "?territory=%00"])
def test_invalid_query_parameters_are_ignored(desk, line, query):
    assert len(queued(desk.get(QUEUE + query))) == 6
    assert desk.get(NEXT + query).url.startswith(f"{LIST}{line[0].pk}/")


def test_next_opens_the_first_order_of_the_queue(desk, line, pune, ravi):
    assert desk.get(NEXT).url == page_of(line[0], IN_QUEUE)
    assert desk.get(f"{NEXT}?priority=urgent").url == page_of(line[2], f"{IN_QUEUE}&priority=urgent")
    ServiceOrder.objects.all().update(status="verified")
    assert desk.get(NEXT).url == QUEUE + IN_QUEUE


def test_after_a_decision_the_next_one_opens(desk, line):
    answer = decide(desk, line[0], "verified", IN_QUEUE)
    assert messages(answer) == [f"Verified {line[0]}. Next: {line[1]}. 5 waiting."]
    assert answer.redirect_chain == [(page_of(line[1], IN_QUEUE), 302)]
    assert "<strong>5</strong> waiting" in answer.content.decode()


def test_the_last_decision_redirects_to_the_empty_queue(desk, pune, ravi):
    order = wait(pune, ravi, 1)
    answer = decide(desk, order, "rejected", IN_QUEUE, note="Unknown to the carrier")
    assert messages(answer) == [f"Rejected {order}. Nothing else waits."]
    assert answer.redirect_chain == [(QUEUE + IN_QUEUE, 302)]


def test_the_next_order_is_within_the_filter(desk, line):
    answer = decide(desk, line[2], "verified", f"{IN_QUEUE}&priority=urgent")
    assert messages(answer) == [f"Verified {line[2]}. Next: {line[3]}. 1 waiting."]


def test_skipped_orders_come_back_at_the_end_only(desk, line):
    skip = desk.get(page_of(line[0], IN_QUEUE)).context["skip_query_string"]
    second = desk.get(f"{NEXT}?{skip}")
    assert second.url == page_of(line[1], f"{IN_QUEUE}&skipped={line[0].pk}")
    for order in line[1:]:
        answer = decide(desk, order, "verified", f"?{skip}")
    assert messages(answer) == [f"Verified {line[-1]}. Only those that you skipped still wait."]
    assert queued(answer) == [line[0].tracking_id]


def test_a_stale_decision_is_reported_and_the_next_order_opens(desk, desk_of, line):
    colleague = desk_of("manager", pune=True)
    decide(colleague, line[0], "rejected", IN_QUEUE, note="Unknown to the carrier")
    answer = decide(desk, line[0], "verified", IN_QUEUE)
    expected = f"{line[0]}: Changed meanwhile by {colleague.user}, it is rejected. Next: {line[1]}. 5 waiting."
    assert messages(answer) == [expected]
    line[0].refresh_from_db()
    assert line[0].status == "rejected"
    assert OrderEvent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_concurrent_decisions_one_wins(desk_of, pune, ravi):
    order, then = wait(pune, ravi, 2), wait(pune, ravi, 1)
    staff = [desk_of("manager", pune=True) for _ in range(2)]
    acts = [partial(decide, each, order, "verified", IN_QUEUE) for each in staff]
    won, lost = sorted((messages_on(answer)[0] for answer in together(*acts)), reverse=True)
    winner = OrderEvent.objects.get().changed_by
    assert won == f"Verified {order}. Next: {then}. 1 waiting."
    assert lost == f"{order}: Changed meanwhile by {winner}, it is verified. Next: {then}. 1 waiting."


def test_the_number_of_queries_of_the_queue_does_not_grow(desk, pune, ravi, django_assert_num_queries):
    wait(pune, ravi, 1)
    desk.get(QUEUE)
    with CaptureQueriesContext(connection) as few:
        desk.get(QUEUE)
    for hours in range(30):
        wait(pune, ravi, hours)
    with django_assert_num_queries(len(few)):
        page = desk.get(QUEUE)
    assert len(few) <= 16
    assert (len(queued(page)), page.context["orders"].paginator.count) == (25, 31)
    assert len(queued(desk.get(f"{QUEUE}?page=2"))) == 6


def test_the_list_leads_to_the_queue(desk, line):
    assert f'href="{QUEUE}">Verification queue (6)</a>' in desk.get(LIST).content.decode()
