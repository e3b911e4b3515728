"""The menu: sections, and only the lists that the user may open."""

import re
from html import unescape

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils.text import capfirst

from backoffice.navigation import CALENDAR, EXPORTS, ONBOARD, QUEUE, SECTIONS
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


def last_breadcrumb(page):
    """Return the text of the last breadcrumb of a page."""
    breadcrumbs = re.search(r'<div class="breadcrumbs">(.*?)</div>', page, re.DOTALL)[1]
    return unescape(re.sub("<[^>]*>", "", breadcrumbs.split("&rsaquo;")[-1])).strip()


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_the_menu_entry_title_and_breadcrumb_of_a_list_are_the_plural_of_its_model(client, superuser, model):
    client.force_login(superuser)
    answer = client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
    menu = {each["model"]: each["name"] for section in answer.context["available_apps"] for each in section["models"]}
    texts = [menu[model], answer.context["title"], last_breadcrumb(answer.content.decode())]
    assert texts == [capfirst(model._meta.verbose_name_plural)] * 3


@pytest.mark.parametrize("shortcut", [QUEUE, ONBOARD, CALENDAR, EXPORTS], ids=lambda shortcut: shortcut.label)
def test_a_shortcut_is_called_like_the_page_it_opens(client, superuser, shortcut):
    client.force_login(superuser)
    assert client.get(shortcut.url).context["title"] == shortcut.label
