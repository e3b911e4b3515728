"""Who gets into the live feed, by which way, and what the others are told."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from rest_framework_simplejwt.tokens import AccessToken
from websockets.exceptions import InvalidStatus

from accounts.models import RoleAssignment, Session
from accounts.sessions import open_session
from tests.support import factories
from tests.support.clients import token_of
from tests.support.feed import Watcher, change
from tests.support.staff import with_second_factor

pytestmark = pytest.mark.django_db(transaction=True)

REFUSAL = {
    "status": "error",
    "error": {"code": "PERMISSION_DENIED", "message": "Insufficient permissions", "details": {}},
}


@pytest.fixture
def lata(watched_pune):
    """Staff of the back office, who works in Pune."""
    person = factories.user("+919876543288", "Lata")
    person.is_staff = True
    person.save()
    factories.works_in(watched_pune, person)
    return person


def test_apps_come_with_the_header(server, watched_pune, ravi):
    with Watcher(server, token=token_of(ravi)) as watcher:
        assert watcher.frame() == {"type": "hello", "territory_id": "pune", "seq": 0}


def test_browsers_come_with_the_subprotocol(server, watched_pune, ravi):
    with Watcher(server, subprotocols=["bearer", token_of(ravi)]) as watcher:
        assert watcher.socket.subprotocol == "bearer"
        assert watcher.frame()["type"] == "hello"


def test_the_back_office_comes_with_its_cookie(server, lata):
    with Watcher.by_cookie(server, lata) as watcher:
        assert watcher.frame()["type"] == "hello"


def test_a_cookie_from_a_page_of_others_is_nobody(server, lata):
    for origin in (None, "https://elsewhere.example", "null", "http://[", "http://127.0.0.1:1"):
        with Watcher.by_cookie(server, lata, origin=origin) as watcher:
            assert watcher.close_code() == 4401


def test_staff_without_membership_see_nothing_and_superusers_every_territory_there_is(server, lata, ravi):
    factories.territory("nashik", "422")
    with Watcher.by_cookie(server, lata, query="territory=nashik") as watcher:
        assert (watcher.frame(), watcher.close_code()) == (REFUSAL, 4403)
    lata.is_superuser = True
    lata.save()
    with Watcher.by_cookie(server, lata, query="territory=nashik") as watcher:
        change(ravi, territory_id="nashik")
        assert watcher.seqs(1) == [1]
    with Watcher.by_cookie(server, lata, query="territory=nowhere") as watcher:
        assert watcher.close_code() == 4403


def test_staff_who_work_everywhere_need_no_membership(server, lata, ravi):
    factories.territory("nashik", "422")
    lata.user_permissions.add(Permission.objects.get(codename="work_everywhere"))
    with Watcher.by_cookie(server, lata, query="territory=nashik") as watcher:
        assert watcher.frame()["type"] == "hello"


def test_a_cookie_opens_nothing_before_the_second_factor(server, lata):
    with_second_factor(lata)
    with Watcher.by_cookie(server, lata) as watcher:
        assert watcher.close_code() == 4401


def test_the_cookie_of_somebody_who_is_no_staff_is_nobody(server, watched_pune, ravi):
    with Watcher.by_cookie(server, ravi) as watcher:
        assert watcher.close_code() == 4401


def test_a_token_in_the_address_is_not_looked_at(server, watched_pune, ravi):
    token = token_of(ravi)
    with Watcher(
        server, f"territory=pune&token={token}&access_token={token}&authorization=Bearer%20{token}"
    ) as watcher:
        assert watcher.close_code() == 4401


def test_bad_tokens_are_nobody(server, watched_pune):
    for header in ("", "Bearer", "Bearer x", "Bearer a.b.c d", "Basic cmF2aQ==", "Bearer " + "x" * 5000):
        with Watcher(server, additional_headers={"Authorization": header}) as watcher:
            assert watcher.close_code() == 4401


def test_bad_tokens_in_the_subprotocol_are_told_so(server, watched_pune):
    for offered in (["bearer"], ["bearer", "x.y.z"], ["bearer", "x", "y"], ["chat", "bearer"]):
        with Watcher(server, subprotocols=offered) as watcher:
            assert watcher.close_code() == 4401


def test_expired_and_ended_tokens_are_nobody(server, watched_pune, ravi):
    expired = AccessToken(token_of(ravi))
    expired.set_exp(lifetime=-timedelta(seconds=1))
    ended = token_of(ravi)
    Session.objects.filter(pk=AccessToken(ended)["sid"]).update(revoked_at="2024-01-01T00:00Z")
    for token in (str(expired), ended):
        with Watcher(server, token=token) as watcher:
            assert watcher.close_code() == 4401


def test_a_member_names_one_territory(server, watched_pune, ravi):
    for query in ("", "territory=", "since=1", "territory=pune&territory=nashik", "token=x"):
        with Watcher(server, query, token=token_of(ravi)) as watcher:
            assert watcher.close_code() == 4400


def test_since_is_a_number(server, watched_pune, ravi):
    for since in ("", "x", "-1", "1.5", "%D9%A1", "1" * 40, "%00", "1&since=2"):
        with Watcher(server, f"territory=pune&since={since}", token=token_of(ravi)) as watcher:
            assert watcher.close_code() == 4400


def test_others_are_refused_in_the_contracts_envelope_and_hear_nothing(server, watched_pune, ravi):
    factories.territory("nashik", "422")
    change(ravi, territory_id="nashik")
    for territory in ("nashik", "nowhere", "PUNE", "%00", "x" * 5000, "pune%20"):
        with Watcher(server, f"territory={territory}&since=0", token=token_of(ravi)) as watcher:
            assert watcher.frame() == REFUSAL
            assert watcher.close_code() == 4403


def test_a_member_has_to_choose_a_role(server, watched_pune, ravi):
    _, tokens = open_session(ravi)
    with Watcher(server, token=tokens.access) as watcher:
        assert watcher.frame()["error"]["message"] == "Choose an active role first"
        assert watcher.close_code() == 4403


def test_a_role_that_was_taken_away_is_none(server, watched_pune, ravi):
    token = token_of(ravi)
    RoleAssignment.objects.filter(user=ravi).delete()
    with Watcher(server, token=token) as watcher:
        assert watcher.close_code() == 4403


def test_there_is_no_other_socket(server, watched_pune, ravi):
    for path in ("/ws", "/ws/orders/", "/ws/orders/x", "/orders", "/"):
        with pytest.raises(InvalidStatus):
            Watcher(server, path=path, token=token_of(ravi))
