"""The demo data: who and what is there, that it came about honestly, and that it is loaded once and only in a demo."""

from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AccessChange, TerritoryMembership, User
from accounts.territories import territory_id_of
from devices.models import Device, PricingRule
from kissanmitra.demo import data
from kissanmitra.demo.scenarios import path_to
from leases.models import Lease
from notifications.models import SmsMessage
from orders.models import Order
from orders.workflow import OrderStatus
from service_orders.models import ServiceOrder
from service_orders.workflow import ServiceOrderStatus


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


def load() -> str:
    output = StringIO()
    call_command("load_demo_data", stdout=output)
    return output.getvalue().strip()


@pytest.fixture
def loaded(db):
    assert load() == "Demo data loaded."


def test_the_people_of_the_demo_hold_their_roles(loaded, client):
    people = {user.phone: (user.name, *(a.role for a in user.role_assignments.all())) for user in User.objects.all()}
    assert people == {
        "+919876543200": ("Meena", "ADMIN"),
        "+919876543210": ("Ravi", "VLE"),
        "+919876543211": ("Asha", "FARMER"),
        "+919876543212": ("Sunita", "VLE"),
        "+919876543213": ("Ganesh", "OPERATOR"),
        "+919876543214": ("Lata", "FARMER"),
    }
    assert User.objects.get(phone="+919876543210").vle_profile.is_active
    assert User.objects.get(phone="+919876543212").vle_profile.is_active
    assert User.objects.get(phone="+919876543213").operator.is_active

    members = TerritoryMembership.objects.values_list("territory_id", "user__name", "can_verify")
    assert set(members) == {
        ("pune", "Meena", True),
        ("pune", "Ravi", False),
        ("pune", "Sunita", False),
        ("nashik", "Meena", True),
    }
    assert [territory_id_of(pincode) for pincode in ("411001", "412207", "422003", "423501", "400001")] == [
        "pune",
        "pune",
        "nashik",
        "nashik",
        None,
    ]

    assert Counter(AccessChange.objects.values_list("kind", "source")) == {
        ("STAFF_ACCESS_CHANGED", "command"): 1,
        ("ROLE_GRANTED", "command"): 6,
        ("TERRITORY_SAVED", "command"): 2,
        ("MEMBER_ADDED", "command"): 4,
    }

    assert client.login(username="+919876543200", password="kissanmitra")
    assert not any(user.has_usable_password() for user in User.objects.exclude(phone="+919876543200"))


def test_there_is_an_order_in_every_state_and_something_to_find_for_everybody(loaded, api):
    states = set(OrderStatus.values) - {"DRAFT"}
    assert set(Order.objects.filter(kind="LEASE").values_list("status", flat=True)) == states
    assert set(Order.objects.filter(kind="RENT").values_list("status", flat=True)) == states

    assert set(ServiceOrder.objects.values_list("status", flat=True)) == set(ServiceOrderStatus.values)

    live = Device.objects.filter(status="LIVE")
    assert Counter(device.pincode[:2] for device in live) == {"41": 7, "42": 5}
    assert all(PricingRule.objects.of(device).defaults().exists() for device in live)
    assert Counter(Lease.objects.values_list("status", flat=True)) == {"ACTIVE": 8, "COMPLETED": 1}

    pune, nashik = {"lat": 18.5204, "lng": 73.8567}, {"lat": 19.9975, "lng": 73.7898}
    assert found_by(api, "+919876543211", "FARMER", pune) == {"Mahindra 575 DI", "Swaraj 744 FE"}
    assert found_by(api, "+919876543214", "FARMER", nashik) == {"Swaraj 855 FE"}
    assert found_by(api, "+919876543210", "VLE", pune) == {"Mahindra Seed Drill", "Kubota Sprayer"}


def found_by(api, phone, role, place):
    client = api(User.objects.get(phone=phone), role)
    answer = client.post("/public/discovery/search", {"location": place}, format="json")
    return {result["name"] for result in answer.body["data"]["results"]}


def test_loading_sends_no_sms_and_loading_again_changes_nothing(loaded):
    assert Counter(SmsMessage.objects.values_list("status", flat=True)).keys() == {"LOGGED"}
    before = [model.objects.count() for model in (User, Device, Order, Lease, SmsMessage, PricingRule)]
    assert load() == "Demo data is there already; nothing was changed."
    assert [model.objects.count() for model in (User, Device, Order, Lease, SmsMessage, PricingRule)] == before


def test_outside_of_a_demo_it_is_refused(settings, db):
    settings.DEMO = False
    with pytest.raises(CommandError, match="Demo data is for demo mode only"):
        load()
    assert not User.objects.exists()


def test_a_status_without_an_order_gets_one_of_each_kind(monkeypatch):
    assert [script for script in data.all_orders() if script.to == "CLOSED"] == [
        script for script in data.ORDERS if script.to == "CLOSED"
    ]
    monkeypatch.setattr(data, "ORDERS", [script for script in data.ORDERS if script.to != OrderStatus.CLOSED])
    added = [script for script in data.all_orders() if script.to == "CLOSED"]
    assert [script.requester for script in added] == [data.RAVI, data.LATA]


def test_an_order_leaves_the_main_path_as_late_as_possible():
    assert path_to(OrderStatus.REJECTED) == ["UNDER_REVIEW", "REJECTED"]
    assert path_to(OrderStatus.ACCEPTED) == ["UNDER_REVIEW", "ACCEPTED"]
