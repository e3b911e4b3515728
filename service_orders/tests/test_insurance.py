"""Insurance data at rest: unreadable in the database, and moved to a new key without a stop."""

import secrets
from io import StringIO

import pytest
from cryptography.fernet import InvalidToken
from django.core.management import CommandError, call_command
from django.db import connection

from service_orders.encryption import encrypt_insurance
from service_orders.models import ServiceOrder
from tests.support import factories

OLD, NEW = secrets.token_hex(32), secrets.token_hex(32)


def rotate(**options) -> str:
    said = StringIO()
    call_command("rotate_insurance_keys", stdout=said, **options)
    return said.getvalue()


def raw_row(order: ServiceOrder) -> str:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT row_to_json(o)::text, encode(insurance_encrypted, 'escape') FROM service_orders_serviceorder o"
            " WHERE id = %s",
            [order.pk],
        )
        return " ".join(cursor.fetchone())


@pytest.fixture
def orders(pune, ravi, settings):
    settings.INSURANCE_KEYS = [OLD]
    return [factories.service_order(pune, ravi) for _ in range(5)]


def test_the_database_holds_ciphertext_only(api, pune, ravi, wish):
    api(ravi, territory="pune").post("/orders", wish)
    order = ServiceOrder.objects.get()
    raw = raw_row(order)
    for secret in wish["insurance_info"].values():
        assert secret not in raw
        assert secret.encode().hex() not in raw
    assert order.insurance == wish["insurance_info"]


def test_equal_data_look_different():
    assert encrypt_insurance(factories.INSURANCE) != encrypt_insurance(factories.INSURANCE)


def test_another_key_opens_nothing(orders, settings):
    settings.INSURANCE_KEYS = [NEW]
    with pytest.raises(InvalidToken):
        _ = orders[0].insurance


def test_data_that_no_key_opens_stop_nobodys_work(api, orders, meena, settings):
    settings.INSURANCE_KEYS = [NEW]
    client = api(meena, territory="pune")
    assert [row["insurance_info"] for row in client.get("/orders").body["data"]] == [None] * 5
    assert client.put(f"/orders/{orders[0].pk}/status", {"status": "verified"}).status_code == 200


def test_rotation_seals_everything_with_the_first_key(orders, settings):
    before = ServiceOrder.objects.values_list("updated_at", flat=True)
    settings.INSURANCE_KEYS = [NEW, OLD]
    assert rotate(batch_size=2) == "5 sealed anew, 0 were already, 0 cannot be read.\n"
    settings.INSURANCE_KEYS = [NEW]
    assert [order.insurance for order in ServiceOrder.objects.all()] == [factories.INSURANCE] * 5
    assert list(ServiceOrder.objects.values_list("updated_at", flat=True)) == list(before)


def test_a_rotation_that_was_stopped_goes_on_where_it_was(orders, settings, pune, ravi):
    settings.INSURANCE_KEYS = [NEW, OLD]
    done = factories.service_order(pune, ravi)
    ciphertext = bytes(ServiceOrder.objects.get(pk=done.pk).insurance_encrypted)
    assert rotate() == "5 sealed anew, 1 were already, 0 cannot be read.\n"
    assert rotate() == "0 sealed anew, 6 were already, 0 cannot be read.\n"
    assert bytes(ServiceOrder.objects.get(pk=done.pk).insurance_encrypted) == ciphertext


def test_a_rotation_says_what_it_cannot_read_and_leaves_it(orders, settings):
    ServiceOrder.objects.filter(pk=orders[2].pk).update(insurance_encrypted=b"damaged")
    settings.INSURANCE_KEYS = [NEW, OLD]
    with pytest.raises(CommandError, match=orders[2].tracking_id):
        rotate()
    assert bytes(ServiceOrder.objects.get(pk=orders[2].pk).insurance_encrypted) == b"damaged"
    settings.INSURANCE_KEYS = [NEW]
    others = ServiceOrder.objects.exclude(pk=orders[2].pk)
    assert [order.insurance for order in others] == [factories.INSURANCE] * 4
