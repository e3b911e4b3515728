"""Test insurance data in the admin: shown on request only, with the right to, and logged."""

import pytest
from django.contrib.admin.models import LogEntry

from service_orders.models import ServiceOrder
from service_orders.tests.backoffice import IN_QUEUE, LIST, QUEUE, decide, page_of, show_insurance

SECRETS = ["SH-4711", "Star Health"]
VIEWERS = [  # who, whether they verify in Pune (None: no member), what they get
    ("viewer", True, 403),
    ("operator", True, 403),
    ("manager", None, 404),
    ("manager", False, 403),
    ("manager", True, 200),
    ("superuser", None, 200),
]


@pytest.fixture
def desk(desk_of, pune):
    return desk_of("manager", pune=True)


def shows_secrets(answer):
    return any(secret in answer.content.decode() for secret in SECRETS)


@pytest.mark.parametrize(("kind", "can_verify", "status"), VIEWERS)
def test_showing_insurance_data_needs_rights_and_is_logged(desk_of, order, kind, can_verify, status):
    desk = desk_of(kind, **({} if can_verify is None else {"pune": can_verify}))
    answer = show_insurance(desk, order)
    assert (answer.status_code, shows_secrets(answer)) == (status, status == 200)
    looks = [(entry.user, entry.object_id, entry.change_message) for entry in LogEntry.objects.all()]
    assert looks == ([(desk.user, str(order.pk), "Looked at the insurance data")] if status == 200 else [])
    offered = f'action="{LIST}{order.pk}/insurance/' in desk.get(page_of(order)).content.decode()
    assert offered == (status == 200)


def test_global_access_with_the_permission_shows_insurance_data(desk_of, order):
    desk = desk_of("viewer")
    desk.user.user_permissions.add(*[*desk_of("manager").user.user_permissions.filter(codename="view_insurance")])
    assert shows_secrets(show_insurance(desk, order))


def test_no_other_page_contains_insurance_data(desk, order):
    addresses = [
        LIST,
        QUEUE,
        page_of(order),
        page_of(order, IN_QUEUE),
        f"{LIST}{order.pk}/history/",
    ]
    ciphertext = bytes(order.insurance_encrypted).decode()
    show_insurance(desk, order)
    for address in addresses:
        page = desk.get(address)
        assert (address, page.status_code, shows_secrets(page)) == (address, 200, False)
        assert ciphertext not in page.content.decode()
    for to in ("verified", "completed"):
        order.refresh_from_db()
        assert not shows_secrets(decide(desk, order, to))
    assert not any(secret in str(entry.__dict__) for entry in LogEntry.objects.all() for secret in SECRETS)


def test_insurance_data_are_not_searched(desk, order):
    for secret in SECRETS:
        assert list(desk.get(LIST, {"q": secret}).context["cl"].result_list) == []


def test_the_list_does_not_read_insurance_data(desk, order, django_assert_max_num_queries):
    for address in (LIST, QUEUE):
        with django_assert_max_num_queries(20) as asked:
            desk.get(address)
        assert [query["sql"] for query in asked if "insurance_encrypted" in query["sql"]] == [] or address == QUEUE


def test_the_response_is_not_cached(desk, order):
    assert "no-store" in show_insurance(desk, order).headers["Cache-Control"]


def test_a_script_gets_only_the_insurance_part(desk, order):
    answer = desk.post(f"{LIST}{order.pk}/insurance/", headers={"X-Part": "insurance"})
    assert shows_secrets(answer)
    assert "<html" not in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_get_request_shows_nothing(desk, order):
    answer = desk.get(f"{LIST}{order.pk}/insurance/")
    assert (answer.status_code, shows_secrets(answer)) == (405, False)
    assert not LogEntry.objects.exists()


def test_undecryptable_data_are_reported_and_logged(desk, order):
    ServiceOrder.objects.update(insurance_encrypted=b"damaged")
    assert "Cannot be decrypted: no key fits." in show_insurance(desk, order).content.decode()
    assert LogEntry.objects.count() == 1


def test_the_page_with_insurance_data_keeps_the_queue(desk, order):
    answer = desk.post(f"{LIST}{order.pk}/insurance/{IN_QUEUE}")
    page = answer.content.decode()
    assert shows_secrets(answer)
    assert f'action="{LIST}{order.pk}/transition/{IN_QUEUE}"' in page
    assert "<strong>1</strong> waiting" in page


def test_the_history_page_shows_who_saw_insurance_data(desk, order):
    show_insurance(desk, order)
    assert "Looked at the insurance data" in desk.get(f"{LIST}{order.pk}/history/").content.decode()
