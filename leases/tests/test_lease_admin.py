"""Test the admin pages of leases."""

import re

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client

from accounts.models import User
from leases.models import Lease
from tests.support.files import pdf

LIST = "/admin/leases/lease/"


@pytest.fixture
def staff(db):
    """Return a superuser."""
    return User.objects.create_superuser("+919876543298", "a password of staff")


@pytest.fixture
def admin_client(staff):
    """Return a client logged in as a superuser."""
    return browser_of(staff)


@pytest.fixture
def clerk(db):
    """Return a client of staff without permissions."""
    return browser_of(User.objects.create(phone="+919876543297", is_staff=True))


@pytest.fixture
def document(lease):
    """Return the path of a document of the lease on the admin site."""
    name = storages["private"].save("leases/2024/01/15/a.pdf", ContentFile(pdf()))
    stored = lease.attachments.create(name="agreement.pdf", file=name, content_type="application/pdf", size=len(pdf()))
    return f"{LIST}{lease.pk}/documents/{stored.pk}"


def browser_of(user):
    browser = Client()
    browser.force_login(user)
    return browser


def run_action(admin_client, action, *leases):
    chosen = {"action": action, "_selected_action": [str(lease.pk) for lease in leases]}
    page = admin_client.post(LIST, chosen, follow=True)
    return [str(message) for message in page.context["messages"]]


def found(admin_client, **query):
    page = admin_client.get(LIST, query)
    assert page.status_code == 200
    return list(page.context["cl"].result_list)


def links_of(page):
    return set(re.findall(r'href="(/admin/[^"]+)"', page.content.decode()))


def test_leases_are_found_by_id_device_vle_and_order(admin_client, lease):
    spellings = ("+919876543210", "09876543210", "+91 98765-43210", "९८७६५४३२१०")
    for term in (str(lease.pk), f"#{lease.short_id}", "Ravi", "Tractor", *spellings):
        assert found(admin_client, q=term) == [lease]
    assert found(admin_client, q="Sita") == []
    assert found(admin_client, status__exact="ACTIVE") == [lease]
    assert found(admin_client, status__exact="COMPLETED") == []


def test_leases_are_completed_from_the_list(admin_client, staff, lease):
    assert run_action(admin_client, "transition_to_completed", lease) == [f"Lease #{lease.short_id}: Completed"]
    lease.refresh_from_db()
    assert (lease.status, lease.ended_by) == ("COMPLETED", staff)


def test_what_cannot_be_completed_is_reported(admin_client, lease):
    run_action(admin_client, "transition_to_completed", lease)
    assert run_action(admin_client, "transition_to_completed", lease) == [
        f"Lease #{lease.short_id}: Invalid state transition from COMPLETED to COMPLETED"
    ]


def test_no_bulk_action_terminates_leases(admin_client, lease):
    run_action(admin_client, "terminate_lease", lease)
    assert Lease.objects.get().status == "ACTIVE"


def test_a_get_ends_no_lease(admin_client, lease):
    admin_client.get(LIST, {"action": "transition_to_completed", "_selected_action": str(lease.pk)})
    assert Lease.objects.get().status == "ACTIVE"


def test_the_page_links_to_order_device_vle_operators_and_documents(admin_client, meena, farid, lease, document):
    lease.operators.create(operator=farid, role="PRIMARY")
    links = links_of(admin_client.get(f"{LIST}{lease.pk}/change/"))
    assert links >= {
        f"/admin/orders/order/{lease.order_id}/change/",
        f"/admin/devices/device/{lease.device_id}/change/",
        f"/admin/accounts/vleprofile/{lease.vle_id}/change/",
        f"/admin/accounts/user/{meena.pk}/change/",
        f"/admin/accounts/operator/{farid.pk}/change/",
        f"/admin/notifications/smsmessage/?related_id={lease.pk}",
        document,
    }


def test_the_order_links_to_its_leases(admin_client, lease):
    links = links_of(admin_client.get(f"/admin/orders/order/{lease.order_id}/change/"))
    assert f"/admin/leases/lease/?order={lease.order_id}" in links
    assert found(admin_client, order=str(lease.order_id)) == [lease]


def test_the_admin_form_is_read_only(admin_client, lease):
    forged = {"status": "TERMINATED", "deposit_amount": "1", "device": "x", "notes": "x", "operators-TOTAL_FORMS": "0"}
    before = Lease.objects.values().get()
    assert admin_client.post(f"{LIST}{lease.pk}/change/", forged).status_code == 403
    assert Lease.objects.values().get() == before
    assert admin_client.get(f"{LIST}add/").status_code == 403
    assert admin_client.post(f"{LIST}{lease.pk}/delete/", {"post": "yes"}).status_code == 403
    assert run_action(admin_client, "delete_selected", lease) in ([], ["No action selected."])
    assert Lease.objects.exists()


def test_staff_download_a_document(admin_client, document):
    response = admin_client.get(document)
    assert b"".join(response.streaming_content) == pdf()
    assert response.headers["Content-Disposition"] == 'attachment; filename="agreement.pdf"'
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_a_document_needs_the_view_permission(clerk, document):
    assert clerk.get(document).status_code == 403
    assert Client().get(document).status_code == 302
    assert clerk.get(LIST).status_code == 403


def test_staff_who_may_only_view_end_no_lease(lease, document):
    reader = User.objects.create(phone="+919876543296", is_staff=True)
    reader.user_permissions.add(*Permission.objects.filter(codename__in=["view_lease", "work_everywhere"]))
    browser = browser_of(reader)
    response = browser.get(document)
    assert (response.status_code, b"".join(response.streaming_content)) == (200, pdf())
    run_action(browser, "transition_to_completed", lease)
    assert Lease.objects.get().status == "ACTIVE"


@pytest.mark.parametrize("unknown", ["00000000-0000-4000-8000-000000000000", "x"])
def test_an_unknown_document_is_not_found(admin_client, lease, document, unknown):
    assert admin_client.get(document.rsplit("/", 1)[0] + f"/{unknown}").status_code == 404


def test_the_number_of_queries_of_a_list_is_constant(admin_client, lease, django_assert_max_num_queries):
    with django_assert_max_num_queries(8):
        found(admin_client)
