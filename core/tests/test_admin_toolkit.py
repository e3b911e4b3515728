"""The toolkit of the admin pages: URLs, notes, buttons of a row and actions of a list."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import RequestFactory
from django.urls import reverse

from core.admin.links import change_url, changelist_url, return_url
from core.notes import MAX_NOTE
from orders.models import Order

DEFAULT = "/admin/default/"


@pytest.fixture
def admin_client(client, superuser):
    client.force_login(superuser)
    return client


def press(admin_client, user, action, **fields):
    url = reverse("admin:accounts_user_action", args=[user.pk])
    return admin_client.post(url, {"action": action} | fields, follow=True)


@pytest.mark.parametrize(
    ("posted", "url"),
    [
        ("/admin/orders/order/?status=ACTIVE", "/admin/orders/order/?status=ACTIVE"),
        ("", DEFAULT),
        ("admin/", DEFAULT),
        ("https://evil.example/", DEFAULT),
        ("//evil.example/", DEFAULT),
        ("/\\evil.example/", DEFAULT),
        ("javascript:alert(1)", DEFAULT),
    ],
)
def test_forms_return_to_pages_of_this_site_only(posted, url):
    assert return_url(RequestFactory().post("/", {"return_url": posted}), DEFAULT) == url


def test_urls_of_pages_and_lists(tractor):
    assert change_url(tractor) == f"/admin/devices/device/{tractor.pk}/change/"
    assert changelist_url(Order) == changelist_url("orders.Order") == "/admin/orders/order/"
    assert changelist_url("orders.Order", device=tractor.pk) == f"/admin/orders/order/?device={tractor.pk}"


@pytest.mark.parametrize(
    ("note", "error"),
    [("a\0b", "A note is text"), ("x" * (MAX_NOTE + 1), f"A note has at most {MAX_NOTE} characters")],
    ids=["NUL", "too long"],
)
def test_an_invalid_note_is_refused_and_changes_nothing(admin_client, asha, note, error):
    page = press(admin_client, asha, "deactivate", note=note)
    assert [str(message) for message in page.context["messages"]] == [f"{asha}: {error}"]
    asha.refresh_from_db()
    assert asha.is_active
    assert not LogEntry.objects.exists()


def test_a_refused_action_keeps_its_note_for_the_page_once(admin_client, superuser):
    page = press(admin_client, superuser, "deactivate", note="Leaves the company")
    assert page.context["kept_note"] == "Leaves the company"
    assert admin_client.get(change_url(superuser)).context["kept_note"] == ""


def test_an_action_of_the_list_reports_and_logs_each_row(admin_client, superuser, asha):
    data = {"action": "deactivate", "_selected_action": [superuser.pk, asha.pk]}
    page = admin_client.post(changelist_url("accounts.User"), data, follow=True)
    assert {str(message) for message in page.context["messages"]} == {
        f"{superuser}: You cannot deactivate yourself",
        f"{asha}: deactivated",
    }
    assert [(log.object_id, log.change_message) for log in LogEntry.objects.all()] == [(str(asha.pk), "deactivated")]


def test_the_context_of_a_page_keeps_the_scripts_of_its_form(admin_client, tractor):
    assert "admin/js/jquery.init.js" in str(admin_client.get(change_url(tractor)).context["media"])
