"""Test the admin page of a lease, and the list of operator assignments."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from accounts.models import User
from leases.models import Lease
from leases.services import complete_lease
from leases.tests.test_lease_admin import LIST, admin_client, browser_of, clerk, staff  # noqa: F401 (fixtures)
from tests.support import factories
from tests.support.clients import actor
from tests.support.files import pdf, png
from tests.support.inbox import texts_to

ASSIGNMENTS = "/admin/leases/leaseoperator/"


@pytest.fixture
def reader(db):
    """Return a client of staff who may view leases in all territories."""
    user = User.objects.create(phone="+919876543296", is_staff=True)
    user.user_permissions.add(
        *Permission.objects.filter(codename__in=["view_lease", "view_leaseoperator", "work_everywhere"])
    )
    return browser_of(user)


def page_of(lease):
    return f"{LIST}{lease.pk}/change/"


def end(browser, lease, to, note="", expected_updated_at=None):
    data = {"to": to, "note": note, "expected_updated_at": (expected_updated_at or lease.updated_at).isoformat()}
    response = browser.post(f"{LIST}{lease.pk}/transition/", data, follow=True)
    return [str(message) for message in response.context["messages"]] if response.context else response.status_code


def assign(browser, lease, **data):
    response = browser.post(f"{LIST}{lease.pk}/assign/", data, follow=True)
    return [str(message) for message in response.context["messages"]] if response.context else response.status_code


def keep(lease, content, name, content_type):
    file = storages["private"].save(f"leases/2024/01/15/{name}", ContentFile(content))
    return lease.attachments.create(name=name, file=file, content_type=content_type, size=len(content))


# --- Ending ---


@pytest.mark.parametrize(("to", "note"), [("COMPLETED", ""), ("TERMINATED", "Broken axle")])
def test_a_lease_is_ended_from_its_page(admin_client, staff, lease, to, note):  # noqa: F811
    assert end(admin_client, lease, to, note) == [f"Lease #{lease.short_id}: {to.capitalize()}"]
    lease.refresh_from_db()
    assert (lease.status, lease.ended_by, lease.end_note) == (to, staff, note)


def test_terminating_needs_a_note(admin_client, lease):  # noqa: F811
    assert end(admin_client, lease, "TERMINATED") == [f"Lease #{lease.short_id}: Say why, in the note"]
    assert Lease.objects.get().status == "ACTIVE"


def test_a_stale_page_cannot_end_a_lease(admin_client, meena, lease, farid):  # noqa: F811
    seen = lease.updated_at
    assign(admin_client, lease, operator=str(farid.pk), role="PRIMARY")
    assert end(admin_client, lease, "COMPLETED", expected_updated_at=seen) == [
        f"Lease #{lease.short_id}: Changed after you opened it. Look at it again, then decide."
    ]
    assert Lease.objects.get().status == "ACTIVE"


def test_an_ended_lease_has_no_buttons(admin_client, meena, lease):  # noqa: F811
    complete_lease(lease, by=actor(meena), note="All well")
    text = admin_client.get(page_of(lease)).content.decode()
    assert "This lease has ended." in text
    assert "All well" in text
    assert "Assign operator" not in text


def test_an_overdue_lease_is_marked(admin_client, lease):  # noqa: F811
    assert "It was to end on 31 Dec 2024" in admin_client.get(page_of(lease)).content.decode()


def test_staff_who_may_only_view_get_no_buttons(reader, lease, farid):
    text = reader.get(page_of(lease)).content.decode()
    assert "Printable agreement (PDF)" in text
    assert "Assign operator" not in text
    assert 'name="to"' not in text
    assert end(reader, lease, "COMPLETED") == 403
    assert assign(reader, lease, operator=str(farid.pk), role="PRIMARY") == 403
    assert (Lease.objects.get().status, lease.operators.count()) == ("ACTIVE", 0)


# --- Operators ---


def test_an_operator_is_assigned_and_the_primary_replaced(admin_client, lease, farid, gita):  # noqa: F811
    assert assign(admin_client, lease, operator=str(farid.pk), role="PRIMARY") == [
        f"{lease}: Farid is assigned as PRIMARY and told by SMS."
    ]
    assign(admin_client, lease, who="Gita", role="PRIMARY")
    assert len(texts_to(gita.user)) == 1
    context = admin_client.get(page_of(lease)).context
    assert [each.assignment.operator for each in context["operators"]] == [gita]
    assert [each.assignment.operator for each in context["past_operators"]] == [farid]


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ({"role": "PRIMARY"}, "Choose an operator first"),
        ({"who": "No such name", "role": "PRIMARY"}, "No active operator has this name or phone"),
        ({"operator": factories.UNKNOWN, "role": "PRIMARY"}, "This operator does not exist any more"),
    ],
    ids=["no match", "unknown name", "unknown id"],
)
def test_an_invalid_assignment_is_refused(admin_client, lease, typed, refusal):  # noqa: F811
    assert assign(admin_client, lease, **typed) == [f"Lease #{lease.short_id}: {refusal}"]
    assert lease.operators.count() == 0


def test_a_repeated_assignment_shows_the_error_of_the_service(admin_client, lease, farid):  # noqa: F811
    assign(admin_client, lease, operator=str(farid.pk), role="PRIMARY")
    assert assign(admin_client, lease, operator=str(farid.pk), role="PRIMARY") == [
        f"Lease #{lease.short_id}: Operator is already assigned to this lease"
    ]


# --- Documents ---


def test_an_image_document_has_a_safe_thumbnail(admin_client, lease):  # noqa: F811
    document = keep(lease, png((1200, 600)), "id.png", "image/png")
    address = f"{LIST}{lease.pk}/documents/{document.pk}/preview"
    assert f'src="{address}"' in admin_client.get(page_of(lease)).content.decode()
    response = admin_client.get(address)
    assert response.content.startswith(b"\xff\xd8\xff")
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Content-Disposition"] == "inline"
    assert response.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_only_images_have_thumbnails(admin_client, lease):  # noqa: F811
    document = keep(lease, pdf(), "a.pdf", "application/pdf")
    damaged = keep(lease, png()[:30], "b.png", "image/png")
    for one in (document, damaged):
        assert admin_client.get(f"{LIST}{lease.pk}/documents/{one.pk}/preview").status_code == 404


def test_thumbnails_need_the_view_permission(clerk, reader, lease):  # noqa: F811
    document = keep(lease, png(), "id.png", "image/png")
    address = f"{LIST}{lease.pk}/documents/{document.pk}/preview"
    assert clerk.get(address).status_code == 403
    assert reader.get(address).status_code == 200


def test_the_number_of_queries_of_the_page_is_constant(admin_client, lease, farid, gita, django_assert_max_num_queries):  # noqa: F811
    for number in range(6):
        keep(lease, png(), f"{number}.png", "image/png")
        assign(admin_client, lease, operator=str((farid, gita)[number % 2].pk), role="PRIMARY")
    with django_assert_max_num_queries(14):
        admin_client.get(page_of(lease))


def test_leases_of_other_territories_are_not_found(lease, farid):
    factories.territory("pune", "411")
    manager = User.objects.create(phone="+919876543295", is_staff=True)
    manager.user_permissions.add(*Permission.objects.filter(codename__in=["view_lease", "change_lease"]))
    factories.works_in(factories.territory("nashik", "422"), manager)
    browser = browser_of(manager)
    assert browser.get(f"{LIST}{lease.pk}/agreement.pdf").status_code == 404
    assert browser.post(f"{LIST}{lease.pk}/assign/", {"operator": str(farid.pk), "role": "PRIMARY"}).status_code == 404
    assert browser.post(f"{LIST}{lease.pk}/transition/", {"to": "COMPLETED"}).status_code == 404
    assert list(browser.get(LIST).context["cl"].result_list) == []
    assert (Lease.objects.get().status, lease.operators.count()) == ("ACTIVE", 0)


# --- Operator assignments ---


def listed(browser, **query):
    response = browser.get(ASSIGNMENTS, query)
    assert response.status_code == 200
    return [row.operator.name for row in response.context["cl"].result_list]


def test_the_list_shows_operator_device_dates_and_training(admin_client, lease, farid, gita):  # noqa: F811
    today = timezone.localdate()
    gita.training.create(device_type_code="TRACTOR", valid_till=today + timedelta(days=10))
    farid.training.create(device_type_code="TRACTOR", valid_till=date(2025, 1, 1))
    assign(admin_client, lease, operator=str(farid.pk), role="PRIMARY")
    assign(admin_client, lease, operator=str(gita.pk), role="PRIMARY")
    assert listed(admin_client) == ["Gita", "Farid"]
    assert listed(admin_client, assigned="now") == listed(admin_client, training="soon") == ["Gita"]
    assert listed(admin_client, assigned="past") == listed(admin_client, training="expired") == ["Farid"]
    assert listed(admin_client, training="none") == []
    assert listed(admin_client, q="3214") == ["Gita"]
    assert listed(admin_client, q=f"#{lease.short_id}") == ["Gita", "Farid"]
    text = admin_client.get(ASSIGNMENTS).content.decode()
    assert "31 Dec 2024" in text
    assert "Training expired on 1 Jan 2025" in text
    assert f'href="/admin/leases/lease/{lease.pk}/change/"' in text


def test_the_number_of_queries_of_the_list_is_constant(admin_client, lease, farid, gita, django_assert_max_num_queries):  # noqa: F811
    for number in range(8):
        lease.operators.create(operator=(farid, gita)[number % 2], role="SECONDARY", released_at=timezone.now())
    with django_assert_max_num_queries(8):
        assert len(listed(admin_client)) == 8


def test_the_list_is_read_only(admin_client, reader, lease, farid):  # noqa: F811
    row = lease.operators.create(operator=farid, role="PRIMARY")
    assert listed(reader) == ["Farid"]
    assert admin_client.get(f"{ASSIGNMENTS}add/").status_code == 403
    assert admin_client.post(f"{ASSIGNMENTS}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert admin_client.post(f"{ASSIGNMENTS}{row.pk}/change/", {"role": "SECONDARY"}).status_code == 403
    assert lease.operators.get().role == "PRIMARY"
