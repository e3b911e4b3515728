"""Test the order history in the back office: the list, and the timeline on the page of an order."""

import pytest
from django.test import Client

from accounts.models import Territory, User
from orders.choices import Kind
from orders.services import change_order_status
from tests.support import factories
from tests.support.clients import actor


@pytest.fixture
def admin_client(db):
    client = Client()
    client.force_login(User.objects.create_superuser("+919876543290", "a long password"))
    return client


@pytest.fixture
def reviewed(tractor, ravi, meena):
    Territory.objects.create(id="pune", name="Pune").prefixes.create(prefix="411")
    order = factories.order(Kind.LEASE, tractor, ravi)
    change_order_status(order, to="UNDER_REVIEW", by=actor(meena), note="<b>Looks good</b>")
    return order


def test_the_page_of_an_order_shows_its_timeline(admin_client, reviewed):
    page = " ".join(admin_client.get(f"/admin/orders/order/{reviewed.pk}/change/").content.decode().split())
    assert "&lt;b&gt;Looks good&lt;/b&gt;" in page
    assert '<li class="timeline-entry" data-status="UNDER_REVIEW">' in page
    assert '<strong>Meena (+919876543200)</strong> <span class="quiet">by API</span>' in page
    assert "<dt>Territory</dt><dd>pune</dd>" in page


def test_the_page_of_a_device_shows_its_territory(admin_client, reviewed):
    page = " ".join(admin_client.get(f"/admin/devices/device/{reviewed.device_id}/change/").content.decode().split())
    assert "PIN code 411001, territory pune" in page


def test_the_history_is_searched_by_order_and_is_read_only(admin_client, reviewed):
    path = "/admin/events/orderevent/"
    assert "1 order history entry" in admin_client.get(path, {"q": f"#{str(reviewed.pk)[:8]}"}).content.decode()
    assert "0 order history" in admin_client.get(path, {"q": "#00000000"}).content.decode()
    assert admin_client.get(f"{path}add/").status_code == 403
