"""Test the admin pages of service orders and territories."""

import pytest
from django.contrib.auth.models import Permission

from accounts.models import Territory, User
from events.models import OrderEvent
from service_orders.models import ServiceOrder
from tests.support import factories

LIST = "/admin/service_orders/serviceorder/"
PAGES = "accounts/territory"


@pytest.fixture
def superuser(db):
    return User.objects.create_superuser("+919876543298", "a password of staff")


@pytest.fixture
def admin_client(client, superuser):
    client.force_login(superuser)
    return client


def found(admin_client, term):
    return list(admin_client.get(LIST, {"q": term}).context["cl"].result_list)


def act(admin_client, action, *orders):
    chosen = {"action": action, "_selected_action": [str(order.pk) for order in orders]}
    return [str(message) for message in admin_client.post(LIST, chosen, follow=True).context["messages"]]


def test_orders_are_found_by_tracking_id_id_or_patient(admin_client, order, pune, ravi):
    factories.service_order(pune, ravi, patient_id="another patient", provider_id="another")
    for term in (order.tracking_id, order.tracking_id.lower().replace("-", " "), str(order.pk)[:8], "patient-1"):
        assert found(admin_client, term) == [order]
    assert found(admin_client, "KM-2222-2223") == found(admin_client, "unknown") == []


def test_the_number_of_queries_of_the_list_does_not_grow(admin_client, pune, ravi, django_assert_max_num_queries):
    for _ in range(10):
        factories.service_order(pune, ravi)
    with django_assert_max_num_queries(8):
        admin_client.get(LIST)


def test_a_verifier_of_the_territory_changes_orders(admin_client, superuser, order, pune):
    factories.works_in(pune, superuser, can_verify=True)
    assert act(admin_client, "transition_to_verified", order) == [f"{order.tracking_id}: Verified"]
    order.refresh_from_db()
    event = OrderEvent.objects.get()
    assert (order.status, event.status, event.source, event.changed_by) == (
        "verified",
        "verified",
        "back office",
        superuser,
    )


@pytest.mark.parametrize("can_verify", [None, False])
def test_a_superuser_without_membership_has_no_rights_in_a_territory(admin_client, superuser, order, pune, can_verify):
    if can_verify is not None:
        factories.works_in(pune, superuser, can_verify=can_verify)
    reason = {
        None: "Insufficient permissions",
        False: "Only those who may verify in this territory can do this",
    }[can_verify]
    assert act(admin_client, "transition_to_verified", order) == [f"{order.tracking_id}: {reason}"]
    order.refresh_from_db()
    assert order.status == "pending_verification"


def test_each_row_is_reported(admin_client, superuser, order, pune, ravi):
    factories.works_in(pune, superuser, can_verify=True)
    done = factories.service_order(pune, ravi, status="completed")
    assert sorted(act(admin_client, "transition_to_verified", order, done)) == sorted(
        [f"{order.tracking_id}: Verified", f"{done.tracking_id}: Invalid state transition from completed to verified"]
    )


def test_the_page_shows_the_history_escaped(admin_client, api, order, meena):
    body = {"status": "rejected", "notes": "<script>", "verification_data": {"verified_by": "<b>"}}
    api(meena, territory="pune").put(f"/orders/{order.pk}/status", body)
    page = admin_client.get(f"{LIST}{order.pk}/change/").content.decode()
    for typed in ("script", "b"):
        assert f"&lt;{typed}&gt;" in page
        assert f"<{typed}>" not in page


def test_forms_write_nothing(admin_client, order):
    forged = {"status": "completed", "patient_id": "forged", "notes": "forged", "tracking_id": "KM-2222-2222"}
    before = ServiceOrder.objects.values().get()
    admin_client.post(f"{LIST}{order.pk}/change/", forged)
    assert ServiceOrder.objects.values().get() == before
    assert admin_client.get(f"{LIST}add/").status_code == 403
    assert admin_client.post(f"{LIST}{order.pk}/delete/", {"post": "yes"}).status_code == 403


def test_a_territory_is_created_with_prefixes_and_members(admin_client, ravi):
    form = {
        "id": "satara",
        "name": "Satara",
        "prefixes-TOTAL_FORMS": 1,
        "prefixes-INITIAL_FORMS": 0,
        "prefixes-0-prefix": "415",
        "memberships-TOTAL_FORMS": 1,
        "memberships-INITIAL_FORMS": 0,
        "memberships-0-user": str(ravi.pk),
        "memberships-0-can_verify": "on",
    }
    answer = admin_client.post(f"/admin/{PAGES}/add/", form)
    assert answer.status_code == 302, answer.context["errors"]
    territory = Territory.objects.get()
    assert [prefix.prefix for prefix in territory.prefixes.all()] == ["415"]
    assert territory.memberships.get(user=ravi).can_verify is True


def test_a_territory_keeps_its_id_and_cannot_be_deleted(admin_client, pune):
    page = admin_client.get(f"/admin/{PAGES}/pune/change/").content.decode()
    assert 'name="id"' not in page
    assert admin_client.post(f"/admin/{PAGES}/pune/delete/", {"post": "yes"}).status_code == 403
    territories = admin_client.get(f"/admin/{PAGES}/").content.decode()
    assert "411..." in territories
    assert "412..." in territories


def test_memberships_need_the_right_to_grant_roles(client, pune):
    clerk = User.objects.create(phone="+919876543297", is_staff=True)
    clerk.user_permissions.set(Permission.objects.filter(content_type__app_label="accounts"))
    client.force_login(clerk)
    page = client.get(f"/admin/{PAGES}/pune/change/").content.decode()
    assert 'name="prefixes-0-prefix"' in page
    assert 'name="memberships-0-can_verify"' not in page
