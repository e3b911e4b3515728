"""Test the admin page of an order: its contents and its buttons."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.actors import back_office_actor
from accounts.models import User
from events.models import OrderEvent
from notifications.models import SmsMessage
from orders.choices import Kind
from orders.models import Order
from orders.services import change_order_status, place_order
from orders.tests.test_workflow import CONTRACT
from tests.support import factories
from tests.support.clients import actor
from tests.support.races import together

LIST = "/admin/orders/order/"


def admin_client_for(person, *rights):
    """Return an admin client of this person with exactly these rights."""
    person.is_staff = True
    person.save()
    person.user_permissions.add(*Permission.objects.filter(codename__in=[*rights, "work_everywhere"]))
    browser = Client()
    browser.force_login(person)
    return browser


@pytest.fixture
def admin_client(superuser):
    browser = Client()
    browser.force_login(superuser)
    return browser


@pytest.fixture
def order(tractor, ravi, meena):
    """Return Ravi's LEASE order of the tractor, placed through the service."""
    days = {"start_date": date(2024, 1, 15), "end_date": date(2024, 1, 20)}
    return place_order(by=actor(ravi), device_id=tractor.pk, requested_hours=10, note="For the season", **days)


def page(admin_client, order):
    response = admin_client.get(f"{LIST}{order.pk}/change/")
    assert response.status_code == 200
    return response.content.decode()


def press(admin_client, order, to, note="", **changed):
    """Press the button on the page as it is now, unless `changed` says otherwise; return the messages."""
    data = {"to": to, "note": note, "expected_updated_at": Order.objects.get(pk=order.pk).updated_at.isoformat()}
    answer = admin_client.post(f"{LIST}{order.pk}/transition/", data | changed, follow=True)
    return [str(message) for message in answer.context["messages"]]


def now(order):
    return Order.objects.get(pk=order.pk)


def test_the_page_shows_the_request_and_the_effect_of_each_button(admin_client, order):
    shown = " ".join(page(admin_client, order).split())
    assert "<strong>Ravi</strong> wants <strong>Tractor</strong> on lease, 15 to 20 Jan 2024 (6 days)" in shown
    assert "<dd>₹ 15,000</dd>" in shown
    assert [move["to"] for move in admin_client.get(f"{LIST}{order.pk}/change/").context["transitions"]] == [
        "UNDER_REVIEW",
        "ACCEPTED",
        "REJECTED",
    ]
    assert "Ravi can no longer cancel it. Ravi and the admins are told by SMS." in shown
    assert "This is final. Ravi reads your note as the reason in an SMS; no other SMS is sent." in shown


def test_braces_in_a_name_are_not_formatted(admin_client, order, ravi):
    User.objects.filter(pk=ravi.pk).update(name="{name.__class__} {0}")
    assert "{name.__class__} {0} can no longer cancel it." in page(admin_client, order)


@pytest.mark.parametrize(
    "way",
    [
        [],
        ["UNDER_REVIEW"],
        ["ACCEPTED"],
        ["ACCEPTED", "PICKUP_SCHEDULED"],
        ["ACCEPTED", "PICKUP_SCHEDULED", "ACTIVE"],
        ["ACCEPTED", "PICKUP_SCHEDULED", "ACTIVE", "COMPLETED"],
        ["ACCEPTED", "PICKUP_SCHEDULED", "ACTIVE", "COMPLETED", "CLOSED"],
        ["REJECTED"],
    ],
    ids=lambda way: "-".join(way) or "none",
)
def test_there_is_a_button_for_exactly_the_available_transitions(admin_client, superuser, order, way):
    for status in way:
        order = change_order_status(order, to=status, by=back_office_actor(superuser))
    answer = admin_client.get(f"{LIST}{order.pk}/change/")
    available = [to for to in CONTRACT[order.status] if to != "CANCELLED"]  # which only the requester may do
    assert [move["to"] for move in answer.context["transitions"]] == available
    assert answer.context["no_transition_reason"] == (
        "" if available else "This order has come to its end: nothing more can happen to it."
    )


def test_the_diagram_shows_the_statuses_that_were_visited(admin_client, superuser, order):
    change_order_status(order, to="ACCEPTED", by=back_office_actor(superuser))
    main_path = admin_client.get(f"{LIST}{order.pk}/change/").context["diagram"].main_path
    assert [(stop.status, stop.position) for stop in main_path][:3] == [
        ("INTEREST_RAISED", "past"),
        ("UNDER_REVIEW", "far"),  # it was never there
        ("ACCEPTED", "here"),
    ]
    assert [stop.status for stop in main_path if stop.position == "next"] == CONTRACT["ACCEPTED"]


def test_a_transition_stores_its_note_and_notifies(admin_client, order, superuser):
    assert press(admin_client, order, "ACCEPTED", "Looks good") == [f"LEASE #{order.short_id}: Accepted"]
    assert (now(order).status, now(order).note) == ("ACCEPTED", "Looks good")
    event = OrderEvent.objects.get(order_id=order.pk, status="ACCEPTED")
    assert (event.changed_by, event.source, event.note) == (superuser, "back office", "Looks good")
    shown = page(admin_client, order)
    assert f'<code title="{event.pk}">{str(event.pk)[:8]}</code>' in shown
    assert "status updated: INTEREST_RAISED → ACCEPTED" in shown


def test_a_pasted_note_is_stored_without_invisible_characters(admin_client, order):
    press(admin_client, order, "ACCEPTED", "\u2068Looks\tgood\u2069")
    assert now(order).note == "Looks good"


def test_a_note_with_control_characters_is_refused(admin_client, order):
    assert press(admin_client, order, "ACCEPTED", "bell\x07") == [f"LEASE #{order.short_id}: A note is text"]
    assert now(order).status == "INTEREST_RAISED"


def test_a_rejection_needs_a_reason(admin_client, order):
    assert press(admin_client, order, "REJECTED", "\u200b") == [f"LEASE #{order.short_id}: Say why, in the note"]
    assert press(admin_client, order, "REJECTED") == [f"LEASE #{order.short_id}: Say why, in the note"]
    assert now(order).status == "INTEREST_RAISED"
    press(admin_client, order, "REJECTED", "In repair")
    assert SmsMessage.objects.get(event="ORDER_REJECTED").text.endswith("Reason: In repair")


def test_a_refused_note_stays_in_its_field(admin_client, order):
    press(admin_client, order, "ACCEPTED", "Typed with care", expected_updated_at="2024-01-01T00:00:00+00:00")
    assert "Typed with care" not in page(admin_client, order)  # shown once, by the page that press() followed to
    answer = admin_client.post(
        f"{LIST}{order.pk}/transition/", {"to": "ACTIVE", "note": "Kept", "expected_updated_at": ""}, follow=True
    )
    assert ">Kept</textarea>" in answer.content.decode()


def test_a_stale_page_changes_nothing(admin_client, order, superuser):
    seen = order.updated_at.isoformat()
    change_order_status(order, to="REJECTED", by=back_office_actor(superuser), note="In repair")
    assert press(admin_client, order, "ACCEPTED", expected_updated_at=seen) == [
        f"LEASE #{order.short_id}: Changed after you opened it. Look at it again, then decide."
    ]
    assert (now(order).status, now(order).note) == ("REJECTED", "In repair")


def test_a_button_pressed_twice_changes_the_status_once(admin_client, order):
    seen = order.updated_at.isoformat()
    press(admin_client, order, "ACCEPTED", "Good", expected_updated_at=seen)
    assert press(admin_client, order, "ACCEPTED", "Good", expected_updated_at=seen) == [
        f"LEASE #{order.short_id}: Accepted already. It was done once."
    ]
    assert OrderEvent.objects.filter(order_id=order.pk, status="ACCEPTED").count() == 1


@pytest.mark.parametrize("seen", ["", "yesterday", "2024-99-99"])
def test_a_missing_or_invalid_expected_updated_at_is_refused(admin_client, order, seen):
    press(admin_client, order, "ACCEPTED", expected_updated_at=seen)
    assert now(order).status == "INTEREST_RAISED"


def test_a_get_request_changes_nothing(admin_client, order):
    assert admin_client.get(f"{LIST}{order.pk}/transition/", {"to": "ACCEPTED"}).status_code == 405
    assert now(order).status == "INTEREST_RAISED"


def test_admins_cannot_decide_on_rent_orders(admin_client, leased_tractor, asha):
    rent = factories.order(Kind.RENT, leased_tractor, asha)
    assert "Ravi leases this device, and so decides on this RENT order; admins only look on." in page(
        admin_client, rent
    )
    assert press(admin_client, rent, "ACCEPTED") == [
        f"RENT #{rent.short_id}: Only the assigned VLE can handle this RENT order"
    ]
    assert now(rent).status == "INTEREST_RAISED"


def test_view_permission_alone_gives_no_buttons(order, charu):
    reader = admin_client_for(charu, "view_order")
    assert "You may look at orders, but not change them." in page(reader, order)
    seen = order.updated_at.isoformat()
    answer = reader.post(f"{LIST}{order.pk}/transition/", {"to": "ACCEPTED", "expected_updated_at": seen})
    assert answer.status_code == 403
    assert now(order).status == "INTEREST_RAISED"


def test_sms_messages_need_their_own_permission(order, charu, admin_client):
    assert "has been submitted successfully" in page(admin_client, order)
    assert "has been submitted successfully" not in page(admin_client_for(charu, "view_order"), order)


def test_strangers_see_nothing(order, charu):
    assert admin_client_for(charu).get(f"{LIST}{order.pk}/change/").status_code == 403
    assert Client().get(f"{LIST}{order.pk}/change/").status_code == 302


def test_territory_managers_see_only_orders_of_their_territories(order, charu):
    pune, nashik = factories.territory("pune", "411"), factories.territory("nashik", "422")
    browser = admin_client_for(charu, "view_order", "change_order")
    charu.user_permissions.remove(Permission.objects.get(codename="work_everywhere"))
    factories.works_in(nashik, charu)
    seen = order.updated_at.isoformat()
    assert (
        browser.post(f"{LIST}{order.pk}/transition/", {"to": "ACCEPTED", "expected_updated_at": seen}).status_code
        == 404
    )
    assert now(order).status == "INTEREST_RAISED"
    factories.works_in(pune, charu)
    assert (
        browser.post(f"{LIST}{order.pk}/transition/", {"to": "ACCEPTED", "expected_updated_at": seen}).status_code
        == 302
    )
    assert now(order).status == "ACCEPTED"


def test_bookings_and_competing_orders_are_shown_before_accepting(admin_client, order, ravi, charu):
    booked = factories.order(
        Kind.LEASE, order.device, ravi, status="ACCEPTED", start_date=date(2024, 1, 20), end_date=date(2024, 1, 31)
    )
    wanted = factories.order(Kind.LEASE, order.device, charu)
    later = factories.order(Kind.LEASE, order.device, charu, start_date=date(2024, 1, 21), end_date=date(2024, 1, 22))
    shown = page(admin_client, order)
    assert "Accepting will be refused:" in shown
    assert f">#{booked.short_id}</a>" in shown
    assert "Wanted by others in these days:" in shown
    assert f">#{wanted.short_id}</a>" in shown
    assert f">#{later.short_id}</a>" not in shown
    assert press(admin_client, order, "ACCEPTED") == [
        f"LEASE #{order.short_id}: Device is already booked from 2024-01-20 to 2024-01-31"
    ]


def test_an_order_for_a_leased_device_shows_the_lease(admin_client, order, ravi, meena):
    factories.lease(order.device, ravi, meena, date(2024, 1, 1), date(2024, 12, 31))
    assert "The device is leased now:" in page(admin_client, order)


def test_a_failed_sms_message_is_resent_from_the_page(admin_client, order, twilio):
    text = SmsMessage.objects.filter(related_id=order.pk).first()
    SmsMessage.objects.filter(pk=text.pk).update(status="FAILED", error="21211: No phone")
    assert "1 SMS about this order failed:" in page(admin_client, order)
    address = reverse("admin:notifications_smsmessage_action", args=[text.pk])
    back = f"{LIST}{order.pk}/change/"
    assert admin_client.get(address).status_code == 405
    answer = admin_client.post(address, {"action": "resend", "return_url": back})
    assert (answer.status_code, answer.headers["Location"]) == (302, back)
    assert SmsMessage.objects.get(pk=text.pk).status == "PENDING"


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_return_urls_to_other_sites_are_ignored(admin_client, order, back):
    text = SmsMessage.objects.filter(related_id=order.pk).first()
    answer = admin_client.post(
        reverse("admin:notifications_smsmessage_action", args=[text.pk]), {"action": "resend", "return_url": back}
    )
    assert answer.headers["Location"] == f"/admin/notifications/smsmessage/{text.pk}/change/"


def test_notes_are_escaped(admin_client, superuser, order):
    change_order_status(order, to="UNDER_REVIEW", by=back_office_actor(superuser), note="<script>alert(1)</script>")
    assert "<script>alert(1)" not in page(admin_client, order)


def test_competing_orders_add_no_queries(admin_client, superuser, order, django_assert_max_num_queries):
    for number in range(30):
        day = date(2024, 1, 15) + timedelta(days=number % 5)
        factories.order(Kind.LEASE, order.device, superuser, start_date=day, end_date=day)
    with django_assert_max_num_queries(26):
        page(admin_client, order)


@pytest.mark.parametrize("unknown", ["00000000-0000-4000-8000-000000000000", "x", "a\0b"])
def test_an_unknown_order_is_not_found(admin_client, db, unknown):
    assert admin_client.get(f"{LIST}{unknown}/change/").status_code == 302
    assert admin_client.post(f"{LIST}{unknown}/transition/", {"to": "ACCEPTED"}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_of_two_concurrent_decisions_one_is_refused_as_stale(superuser, tractor, ravi):
    order = factories.order(Kind.LEASE, tractor, ravi)
    seen = order.updated_at.isoformat()
    browsers = [Client(), Client()]
    for browser in browsers:
        browser.force_login(superuser)

    def decide(browser, to):
        # Followed later: Django's test clients mix up what several threads render.
        return lambda: browser.post(
            f"{LIST}{order.pk}/transition/", {"to": to, "note": "Because", "expected_updated_at": seen}
        )

    together(decide(browsers[0], "ACCEPTED"), decide(browsers[1], "REJECTED"))
    shown_messages = [str(m) for b in browsers for m in b.get(f"{LIST}{order.pk}/change/").context["messages"]]
    done = "Accepted" if now(order).status == "ACCEPTED" else "Rejected"
    assert len(shown_messages) == 2
    assert set(shown_messages) == {
        f"LEASE #{order.short_id}: {done}",
        f"LEASE #{order.short_id}: Changed after you opened it. Look at it again, then decide.",
    }
    assert OrderEvent.objects.filter(order_id=order.pk).count() == 1
