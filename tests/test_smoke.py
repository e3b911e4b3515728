"""`make smoke` against a server of our own; twice, as it has to be repeatable."""

import io

import pytest

from accounts.models import User
from tests.smoke.expectations import Different, differences
from tests.smoke.server import Server
from tests.smoke.walk import Walk


@pytest.fixture
def server(live_server, settings):
    settings.OTP_FIXED_CODE = "123456"
    settings.OTP_SENDING_LIMITS = False
    User.objects.create_superuser("+919876543200", "kissanmitra", name="Meena")
    return Server(live_server.url, out=io.StringIO())


@pytest.mark.django_db(transaction=True)
def test_both_flows_of_the_contract_work_over_http_again_and_again(server):
    Walk(server).go()
    Walk(server).go()
    shown = server.out.getvalue()
    assert "POST /api/v1/admin/leases    (Meena, +919876543200, as ADMIN)" in shown
    assert "eyJhbGciOiJIUzI1NiI" not in shown


@pytest.mark.django_db(transaction=True)
def test_differences_are_reported(server):
    with pytest.raises(Different, match="status is 401, should be 200"):
        server.ask("GET", "/orders")


@pytest.mark.parametrize(
    ("actual", "expected", "difference"),
    [
        ({"a": 1, "b": 2}, {"a": 1}, []),
        ({"a": 1}, {"b": 1}, ["answer.b is missing"]),
        ([1, {"a": 2}], [1, {"a": 3}], ["answer[1].a is 2, should be 3"]),
        ([1], [1, 2], ["answer is [1], should be [1, 2]"]),
        (True, 1, ["answer is True, should be 1"]),
        (None, {"a": 1}, ["answer is None, should be {'a': 1}"]),
    ],
)
def test_only_what_is_expected_counts(actual, expected, difference):
    assert differences(actual, expected) == difference
