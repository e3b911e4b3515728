"""Test the contract's authorization table: every action, both kinds, every role."""

from contextlib import suppress
from functools import partial

import pytest
from django.db import transaction

from accounts.actors import Actor
from accounts.models import Role
from core.errors import DomainError
from notifications.models import SmsMessage
from orders.choices import Kind
from orders.models import Order
from orders.policies import must_be_requester, must_create_orders, must_handle, must_reject
from orders.services import cancel_order, change_order_status, reject_order
from orders.workflow import OrderStatus
from tests.support import factories
from tests.support.calls import count_calls
from tests.support.clients import actor

HANDLE_LEASE = (403, "Only admins can handle LEASE orders")
HANDLE_RENT = (403, "Only the assigned VLE can handle this RENT order")
REJECT_LEASE = (403, "Only admins can reject LEASE orders. VLE is the requester, not the handler.")
CANCEL = (403, "Only the requester can cancel the order")
HIDDEN = (403, "You do not have access to this order")
OK = (200, None)

# who: requester, the other party's role without the order, handler, strangers of each role, no role chosen
PEOPLE = ["requester", "handler", "other admin", "other vle", "other farmer", "operator", "no role"]
TABLE = {
    ("view", "LEASE"): [OK, OK, OK, HIDDEN, HIDDEN, HIDDEN, HIDDEN],
    ("view", "RENT"): [OK, OK, HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN],
    ("move", "LEASE"): [HANDLE_LEASE, OK, OK, HANDLE_LEASE, HANDLE_LEASE, HANDLE_LEASE, HANDLE_LEASE],
    ("move", "RENT"): [HANDLE_RENT, OK, HANDLE_RENT, HANDLE_RENT, HANDLE_RENT, HANDLE_RENT, HANDLE_RENT],
    ("admin reject", "LEASE"): [REJECT_LEASE, OK, OK, REJECT_LEASE, HANDLE_LEASE, HANDLE_LEASE, HANDLE_LEASE],
    ("vle reject", "LEASE"): [REJECT_LEASE, OK, OK, REJECT_LEASE, HANDLE_LEASE, HANDLE_LEASE, HANDLE_LEASE],
    ("admin reject", "RENT"): [HANDLE_RENT, OK, HANDLE_RENT, HANDLE_RENT, HANDLE_RENT, HANDLE_RENT, HANDLE_RENT],
    ("vle reject", "RENT"): [HANDLE_RENT, OK, HANDLE_RENT, HANDLE_RENT, HANDLE_RENT, HANDLE_RENT, HANDLE_RENT],
    ("cancel", "LEASE"): [OK, CANCEL, CANCEL, CANCEL, CANCEL, CANCEL, CANCEL],
    ("cancel", "RENT"): [OK, CANCEL, CANCEL, CANCEL, CANCEL, CANCEL, CANCEL],
}
CELLS = [(act, kind, who, TABLE[act, kind][PEOPLE.index(who)]) for act, kind in TABLE for who in PEOPLE]


@pytest.fixture
def person(asha, ravi, meena, charu):
    """Return `person(who, kind)`, which returns a user and the role to act in."""
    lease = {"requester": (ravi, Role.VLE), "handler": (meena, Role.ADMIN)}
    rent = {"requester": (asha, Role.FARMER), "handler": (ravi, Role.VLE)}

    def find(who: str, kind: str):
        if who in lease:
            return (lease if kind == Kind.LEASE else rent)[who]
        others = {
            "other admin": lambda: (factories.user("+919876543301", "Second admin", Role.ADMIN), Role.ADMIN),
            "other vle": lambda: (factories.vle("+919876543302", "Second VLE"), Role.VLE),
            "other farmer": lambda: (charu, Role.FARMER),
            "operator": lambda: (factories.user("+919876543303", "Driver", Role.OPERATOR), Role.OPERATOR),
        }
        return others[who]()

    return find


def request_action(client, act: str, order: Order):
    match act:
        case "view":
            return client.get(f"/orders/{order.pk}")
        case "move":
            return client.patch(f"/orders/{order.pk}/status", {"toState": "ACCEPTED"}, format="json")
        case "cancel":
            return client.post(f"/orders/{order.pk}/cancel", {}, format="json")
    source = act.removesuffix(" reject") + "s" * act.startswith("vle")
    return client.post(f"/{source}/orders/{order.pk}/reject", {}, format="json")


def without_role(api, user):
    """Return a client of a user without an active role: the chosen one has been revoked."""
    client = api(user, Role.FARMER)
    user.role_assignments.all().delete()
    return client


@pytest.mark.parametrize(("act", "kind", "who", "expected"), CELLS)
def test_permissions_match_the_table(api, person, tractor, ravi, meena, asha, charu, act, kind, who, expected):
    if kind == Kind.RENT:
        factories.lease(tractor, ravi, meena, factories.date(2024, 1, 1), factories.date(2024, 12, 31))
    order = factories.order(kind, tractor, ravi if kind == Kind.LEASE else asha)
    client = without_role(api, charu) if who == "no role" else api(*person(who, kind))
    answer = request_action(client, act, order)
    assert (answer.status_code, answer.body.get("errorDetails")) == expected
    if expected != OK:
        order.refresh_from_db()
        assert order.status == "INTEREST_RAISED"
        assert answer.body["message"] == "Access denied"
        assert not SmsMessage.objects.exists()


@pytest.mark.parametrize(
    ("act", "policies"),
    [
        ("move", {"must_handle": 1}),
        ("admin reject", {"must_reject": 1, "must_handle": 1}),  # must_reject asks must_handle
        ("cancel", {"must_be_requester": 1}),
    ],
)
def test_a_request_asks_each_policy_once(api, tractor, ravi, meena, act, policies):
    order = factories.order(Kind.LEASE, tractor, ravi)
    client = api(ravi if act == "cancel" else meena)
    with count_calls(must_handle, must_reject, must_be_requester) as calls:
        assert request_action(client, act, order).status_code == 200
    assert calls == policies


def test_placing_an_order_asks_its_policy_once(api, tractor, ravi):
    body = {"deviceId": str(tractor.pk), "startDate": "2024-01-15", "endDate": "2024-01-20"}
    with count_calls(must_create_orders) as calls:
        assert api(ravi).post("/orders", body, format="json").status_code == 201
    assert calls == {"must_create_orders": 1}


@pytest.mark.parametrize("body", ['{"toState": "UNKNOWN", "note": 1}', "{", "[]"])
@pytest.mark.parametrize("act", ["move", "admin reject", "cancel", "create"])
def test_forbidden_comes_before_an_invalid_body(api, tractor, ravi, meena, charu, act, body):
    order = factories.order(Kind.LEASE, tractor, ravi)
    path = {
        "move": f"/orders/{order.pk}/status",
        "admin reject": f"/admin/orders/{order.pk}/reject",
        "cancel": f"/orders/{order.pk}/cancel",
        "create": "/orders",
    }[act]

    def status_for(person, role):
        client = api(person, role)
        send = client.patch if act == "move" else client.post
        return send(path, body, content_type="application/json").status_code

    permitted = {"cancel": (ravi, Role.VLE), "create": (ravi, Role.VLE)}.get(act, (meena, Role.ADMIN))
    refused = (meena, Role.ADMIN) if act == "create" else (charu, Role.FARMER)
    assert (status_for(*refused), status_for(*permitted)) == (403, 400)


def permitted_by_services(order: Order, by: Actor) -> set[str]:
    """Return the statuses that the services let the actor give the order."""
    services = {OrderStatus.REJECTED: reject_order, OrderStatus.CANCELLED: cancel_order}
    permitted = set()
    for to in OrderStatus:
        change = services.get(to) or partial(change_order_status, to=to)
        with suppress(DomainError), transaction.atomic():
            change(order, by=by)
            permitted.add(to)
            transaction.set_rollback(True)
    return permitted


@pytest.mark.parametrize("start", ["INTEREST_RAISED", "UNDER_REVIEW", "ACCEPTED", "COMPLETED", "REJECTED"])
@pytest.mark.parametrize("kind", Kind.values)
def test_the_services_enforce_the_declared_policies(person, leased_tractor, ravi, asha, kind, start):
    order = factories.order(kind, leased_tractor, ravi if kind == Kind.LEASE else asha, status=start)
    for who in PEOPLE[:-1]:
        by = actor(*person(who, kind))
        assert permitted_by_services(order, by) == set(order.available_transitions(by)), who


@pytest.mark.parametrize(("role", "kind"), [("VLE", "LEASE"), ("FARMER", "RENT")])
def test_the_active_role_decides_what_is_created(api, tractor, meena, role, kind):
    both = factories.vle("+919876543310", "Both")
    both.role_assignments.create(role=Role.FARMER)
    if kind == Kind.RENT:
        factories.lease(
            tractor,
            factories.vle("+919876543311", "Lessee"),
            meena,
            factories.date(2024, 1, 1),
            factories.date(2024, 2, 1),
        )
    body = {"deviceId": str(tractor.pk), "startDate": "2024-01-15", "endDate": "2024-01-20"}
    assert api(both, role).post("/orders", body, format="json").body["data"]["orderType"] == kind


@pytest.mark.parametrize("role", ["ADMIN", "OPERATOR"])
def test_other_roles_cannot_place_orders(api, tractor, role):
    body = {"deviceId": str(tractor.pk), "startDate": "2024-01-15", "endDate": "2024-01-20"}
    answer = api(factories.user("+919876543312", "Other", role)).post("/orders", body, format="json")
    assert answer.body["errorDetails"] == "Only FARMER and VLE roles can create orders"
    assert (answer.status_code, Order.objects.count()) == (403, 0)


def test_a_vle_without_profile_cannot_place_orders(api, tractor):
    body = {"deviceId": str(tractor.pk), "startDate": "2024-01-15", "endDate": "2024-01-20"}
    answer = api(factories.user("+919876543313", "New", Role.VLE)).post("/orders", body, format="json")
    assert (answer.status_code, answer.body["errorDetails"]) == (403, "VLE profile not found for user")


def test_a_suspended_vle_cannot_handle_orders(api, leased_tractor, ravi, asha):
    order = factories.order(Kind.RENT, leased_tractor, asha)
    ravi.vle_profile.status = "SUSPENDED"
    ravi.vle_profile.save()
    answer = request_action(api(ravi, Role.VLE), "move", order)
    assert (answer.status_code, answer.body["errorDetails"]) == (403, "VLE profile is suspended")


def test_lists_contain_exactly_the_permitted_orders(api, leased_tractor, ravi, asha, meena, charu):
    leasing = Order.objects.get(kind=Kind.LEASE)
    renting = factories.order(Kind.RENT, leased_tractor, asha)
    lists = {
        (ravi, "/orders"): [leasing],
        (asha, "/orders"): [renting],
        (charu, "/orders"): [],
        (meena, "/orders"): [],
        (meena, "/admin/orders/lease"): [leasing],
        (ravi, "/vles/orders/rent"): [renting],
    }
    for (person, path), orders in lists.items():
        assert [row["id"] for row in api(person).get(path).body["data"]] == [str(order.pk) for order in orders]


@pytest.mark.parametrize(
    ("path", "role", "text"),
    [
        ("/admin/orders/lease", "VLE", "Only admins can view LEASE orders"),
        ("/admin/orders/lease", "FARMER", "Only admins can view LEASE orders"),
        ("/vles/orders/rent", "ADMIN", "Only VLEs can view RENT orders"),
        ("/vles/orders/rent", "FARMER", "Only VLEs can view RENT orders"),
        ("/vles/orders/rent", "VLE", "VLE profile not found for user"),
    ],
)
def test_lists_of_other_roles_are_refused(api, path, role, text):
    answer = api(factories.user("+919876543314", "Other", role)).get(path)
    assert (answer.status_code, answer.body["errorDetails"]) == (403, text)


def test_listing_needs_an_active_role(api, charu):
    answer = without_role(api, charu).get("/orders")
    assert (answer.status_code, answer.body["errorDetails"]) == (403, "Choose an active role first")
