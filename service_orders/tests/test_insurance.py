"""Test insurance data: encrypted in the database, and re-encrypted with a new key."""

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
    output = StringIO()
    call_command("rotate_insurance_keys", stdout=output, **options)
    return output.getvalue()


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


def test_the_database_stores_ciphertext_only(api, pune, ravi, order_body):
    api(ravi, territory="pune").post("/orders", order_body)
    order = ServiceOrder.objects.get()
    raw = raw_row(order)
    for secret in order_body["insurance_info"].values():
        assert secret not in raw
        assert secret.encode().hex() not in raw
    assert order.insurance == order_body["insurance_info"]


def test_equal_data_encrypt_differently():
    assert encrypt_insurance(factories.INSURANCE) != encrypt_insurance(factories.INSURANCE)


def test_another_key_decrypts_nothing(orders, settings):
    settings.INSURANCE_KEYS = [NEW]
    with pytest.raises(InvalidToken):
        _ = orders[0].insurance


def test_undecryptable_data_block_neither_lists_nor_changes(api, orders, meena, settings):
    settings.INSURANCE_KEYS = [NEW]
    client = api(meena, territory="pune")
    assert [row["insurance_info"] for row in client.get("/orders").body["data"]] == [None] * 5
    assert client.put(f"/orders/{orders[0].pk}/status", {"status": "verified"}).status_code == 200


def test_rotation_encrypts_everything_with_the_first_key(orders, settings):
    before = ServiceOrder.objects.values_list("updated_at", flat=True)
    settings.INSURANCE_KEYS = [NEW, OLD]
    assert rotate(batch_size=2) == "5 re-encrypted, 0 up to date, 0 unreadable.\n"
    settings.INSURANCE_KEYS = [NEW]
    assert [order.insurance for order in ServiceOrder.objects.all()] == [factories.INSURANCE] * 5
    assert list(ServiceOrder.objects.values_list("updated_at", flat=True)) == list(before)


def test_an_interrupted_rotation_can_be_continued(orders, settings, pune, ravi):
    settings.INSURANCE_KEYS = [NEW, OLD]
    done = factories.service_order(pune, ravi)
    ciphertext = bytes(ServiceOrder.objects.get(pk=done.pk).insurance_encrypted)
    assert rotate() == "5 re-encrypted, 1 up to date, 0 unreadable.\n"
    assert rotate() == "0 re-encrypted, 6 up to date, 0 unreadable.\n"
    assert bytes(ServiceOrder.objects.get(pk=done.pk).insurance_encrypted) == ciphertext


def test_a_rotation_reports_undecryptable_data_and_leaves_them(orders, settings):
    ServiceOrder.objects.filter(pk=orders[2].pk).update(insurance_encrypted=b"damaged")
    settings.INSURANCE_KEYS = [NEW, OLD]
    with pytest.raises(CommandError, match=orders[2].tracking_id):
        rotate()
    assert bytes(ServiceOrder.objects.get(pk=orders[2].pk).insurance_encrypted) == b"damaged"
    settings.INSURANCE_KEYS = [NEW]
    others = ServiceOrder.objects.exclude(pk=orders[2].pk)
    assert [order.insurance for order in others] == [factories.INSURANCE] * 4
