"""The menu: grouped as the work is, and open only where the reader may go."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission

from backoffice.navigation import SECTIONS


@pytest.fixture
def menu(client):
    """`menu()` is what the menu has for whoever is logged in: sections with the labels of their lists and pages."""

    def read():
        found = client.get("/admin/").context["available_apps"]
        return {
            section["name"]: [model["name"] for model in section["models"]] + [page.label for page in section["pages"]]
            for section in found
        }

    return read


@pytest.fixture
def clerk(client, charu):
    charu.is_staff = True
    charu.save()
    client.force_login(charu)
    return charu


def test_every_list_that_a_section_names_exists():
    for section in SECTIONS:
        for label in section.lists:
            apps.get_model(label)


def test_superusers_find_the_lists_in_the_order_of_the_work(client, superuser, menu):
    client.force_login(superuser)
    assert list(menu())[:6] == ["Orders", "Service orders", "Leases", "Devices", "People", "Messages"]
    assert menu()["Orders"] == ["Orders", "Enquiries", "Order history", "Live board"]
    assert "Groups" in menu()["System"]


def test_what_one_may_not_open_is_not_in_the_menu(clerk, menu):
    assert menu() == {}
    clerk.user_permissions.add(Permission.objects.get(codename="view_device"))
    assert menu() == {"Devices": ["Devices"]}
    clerk.user_permissions.add(Permission.objects.get(codename="view_lease"))
    assert menu() == {"Leases": ["Leases", "Calendar"], "Devices": ["Devices"]}


def test_the_page_of_an_app_still_lists_what_the_app_has(clerk, client):
    clerk.user_permissions.add(Permission.objects.get(codename="view_device"))
    assert "/admin/devices/device/" in client.get("/admin/devices/").content.decode()
