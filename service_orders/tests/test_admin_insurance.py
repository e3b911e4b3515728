"""Insurance data in the back office: shown on request to permitted users only, and each access is logged."""

import pytest
from django.contrib.admin.models import LogEntry

from service_orders.models import ServiceOrder
from service_orders.tests.backoffice import IN_QUEUE, LIST, QUEUE, decide, look_at, page_of

SECRETS = ["SH-4711", "Star Health"]
LOOKERS = [  # who, whether they verify in Pune (None: no member), what they get
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


def is_told(answer):
    return any(secret in answer.content.decode() for secret in SECRETS)


@pytest.mark.parametrize(("kind", "can_verify", "status"), LOOKERS)
def test_access_is_logged_and_refused_without_permission(desk_of, order, kind, can_verify, status):
    desk = desk_of(kind, **({} if can_verify is None else {"pune": can_verify}))
    answer = look_at(desk, order)
    assert (answer.status_code, is_told(answer)) == (status, status == 200)
    looks = [(entry.user, entry.object_id, entry.change_message) for entry in LogEntry.objects.all()]
    assert looks == ([(desk.user, str(order.pk), "Looked at the insurance data")] if status == 200 else [])
    offered = f'action="{LIST}{order.pk}/insurance/' in desk.get(page_of(order)).content.decode()
    assert offered == (status == 200)


def test_work_everywhere_with_the_permission_looks_everywhere(desk_of, order):
    desk = desk_of("viewer")
    desk.user.user_permissions.add(*[*desk_of("manager").user.user_permissions.filter(codename="view_insurance")])
    assert is_told(look_at(desk, order))


def test_no_page_has_them_before_or_after(desk, order):
    addresses = [
        LIST,
        QUEUE,
        page_of(order),
        page_of(order, IN_QUEUE),
        f"{LIST}{order.pk}/history/",
    ]
    ciphertext = bytes(order.insurance_encrypted).decode()
    look_at(desk, order)
    for address in addresses:
        page = desk.get(address)
        assert (address, page.status_code, is_told(page)) == (address, 200, False)
        assert ciphertext not in page.content.decode()
    for to in ("verified", "completed"):
        order.refresh_from_db()
        assert not is_told(decide(desk, order, to))
    assert not any(secret in str(entry.__dict__) for entry in LogEntry.objects.all() for secret in SECRETS)


def test_nothing_is_found_by_them(desk, order):
    for secret in SECRETS:
        assert list(desk.get(LIST, {"q": secret}).context["cl"].result_list) == []


def test_the_list_does_not_even_read_them(desk, order, django_assert_max_num_queries):
    for address in (LIST, QUEUE):
        with django_assert_max_num_queries(20) as asked:
            desk.get(address)
        assert [query["sql"] for query in asked if "insurance_encrypted" in query["sql"]] == [] or address == QUEUE


def test_the_answer_is_kept_in_no_cache(desk, order):
    assert "no-store" in look_at(desk, order).headers["Cache-Control"]


def test_pages_with_a_script_get_the_part_alone(desk, order):
    answer = desk.post(f"{LIST}{order.pk}/insurance/", headers={"X-Part": "insurance"})
    assert is_told(answer)
    assert "<html" not in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_link_shows_nothing(desk, order):
    answer = desk.get(f"{LIST}{order.pk}/insurance/")
    assert (answer.status_code, is_told(answer)) == (405, False)
    assert not LogEntry.objects.exists()


def test_unreadable_data_is_reported_and_the_access_logged(desk, order):
    ServiceOrder.objects.update(insurance_encrypted=b"damaged")
    assert "Cannot be decrypted: no key fits." in look_at(desk, order).content.decode()
    assert LogEntry.objects.count() == 1


def test_the_page_with_them_is_still_the_page_of_the_order(desk, order):
    answer = desk.post(f"{LIST}{order.pk}/insurance/{IN_QUEUE}")
    page = answer.content.decode()
    assert is_told(answer)
    assert f'action="{LIST}{order.pk}/transition/{IN_QUEUE}"' in page
    assert "<strong>1</strong> waiting" in page


def test_looks_are_told_on_the_history_page(desk, order):
    look_at(desk, order)
    assert "Looked at the insurance data" in desk.get(f"{LIST}{order.pk}/history/").content.decode()
