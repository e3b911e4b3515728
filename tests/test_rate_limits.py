"""The territory's limits over several web processes, under full load and against strangers."""

import json
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import pytest
from django_ratelimit.core import get_usage

from accounts.models import Role, Territory
from service_orders.models import ServiceOrder
from tests.support.clients import token_of
from tests.support.server import WebServer, web_servers

pytestmark = pytest.mark.django_db(transaction=True)
CONNECTIONS = 64
LIMIT = 100
ORDER = {
    "patient_id": "patient-1",
    "provider_id": "provider-1",
    "insurance_info": {"carrier": "LIC", "policy_number": "P-1"},
    "service_type": "checkup",
}


def territory_with_a_long_minute(member) -> Territory:
    """Return a territory whose window has just started: windows start at a different second for every territory."""
    names = [f"pune-{number}" for number in range(30)]
    name = max(names, key=lambda n: get_usage(None, "probe", key=lambda *_: n, rate="1/m")["time_left"])
    territory = Territory.objects.create(id=name, name="Pune")
    territory.memberships.create(user=member)
    return territory


def place(server: WebServer, territory: str, token: str, times: int) -> list[tuple[int, dict[str, str]]]:
    """Send so many orders over one connection; the status and headers of each answer."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}", "Territory-Id": territory}
    answers = []
    for _ in range(times):
        connection.request("POST", "/api/v1/orders", json.dumps(ORDER), headers)
        answer = connection.getresponse()
        answer.read()
        answers.append((answer.status, {name.lower(): value for name, value in answer.getheaders()}))
    connection.close()
    return answers


def test_exactly_the_limit_is_admitted_over_two_processes(ravi, charu):
    territory = territory_with_a_long_minute(ravi).pk
    member, stranger = token_of(ravi, Role.VLE), token_of(charu, Role.FARMER)
    with web_servers(2, RATE_LIMIT_CREATE=str(LIMIT)) as servers, ThreadPoolExecutor(CONNECTIONS) as pool:
        strangers = pool.map(lambda n: place(servers[n % 2], territory, stranger, 2), range(CONNECTIONS))
        assert {status for answers in strangers for status, _ in answers} == {403}
        members = pool.map(lambda n: place(servers[n % 2], territory, member, 4), range(CONNECTIONS))
        answers = [answer for batch in members for answer in batch]
    admitted = [headers for status, headers in answers if status == 201]
    refused = [headers for status, headers in answers if status == 429]
    assert (len(admitted), len(refused)) == (LIMIT, CONNECTIONS * 4 - LIMIT)
    assert ServiceOrder.objects.count() == LIMIT
    assert sorted(int(headers["ratelimit-remaining"]) for headers in admitted) == list(range(LIMIT))
    assert all(int(headers["retry-after"]) >= int(headers["ratelimit-reset"]) for headers in refused)
