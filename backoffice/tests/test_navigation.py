"""The menu: sections, and only the lists that the user may open."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Permission
from django.utils.text import capfirst

from backoffice.navigation import SECTIONS
from events.models import OrderEvent
from orders.models import Intent, Order


@pytest.fixture
def menu(client):
    """Return a function that reads the menu of the logged-in user: the labels of each section."""

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


def test_lists_are_called_like_their_models_in_the_order_of_the_sections(client, superuser, menu):
    client.force_login(superuser)
    assert list(menu())[:6] == ["Orders", "Service orders", "Leases", "Devices", "People", "Messages"]
    models = (Order, Intent, OrderEvent)
    assert menu()["Orders"] == [*(capfirst(model._meta.verbose_name_plural) for model in models), "Live board"]
    assert "Groups" in menu()["System"]


def test_lists_without_permission_are_not_in_the_menu(clerk, menu):
    assert menu() == {}
    clerk.user_permissions.add(Permission.objects.get(codename="view_device"))
    assert menu() == {"Devices": ["Devices"]}
    clerk.user_permissions.add(Permission.objects.get(codename="view_lease"))
    assert menu() == {"Leases": ["Leases", "Calendar"], "Devices": ["Devices"]}


def test_the_page_of_an_app_still_lists_what_the_app_has(clerk, client):
    clerk.user_permissions.add(Permission.objects.get(codename="view_device"))
    assert "/admin/devices/device/" in client.get("/admin/devices/").content.decode()
