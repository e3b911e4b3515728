"""Test who may open the live feed, with which credential, and how others are refused."""

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
def staff_member(pune, charu):
    """Make Charu a member of staff who works in Pune."""
    charu.is_staff = True
    charu.save()
    factories.works_in(pune, charu)
    return charu


def test_apps_authenticate_with_the_authorization_header(server, pune, ravi):
    with Watcher(server, token=token_of(ravi)) as watcher:
        assert watcher.frame() == {"type": "hello", "territory_id": "pune", "seq": 0}


def test_browsers_authenticate_with_the_subprotocol(server, pune, ravi):
    with Watcher(server, subprotocols=["bearer", token_of(ravi)]) as watcher:
        assert watcher.socket.subprotocol == "bearer"
        assert watcher.frame()["type"] == "hello"


def test_the_back_office_authenticates_with_its_cookie(server, staff_member):
    with Watcher.by_cookie(server, staff_member) as watcher:
        assert watcher.frame()["type"] == "hello"


def test_a_cookie_from_another_origin_is_unauthenticated(server, staff_member):
    for origin in (None, "https://elsewhere.example", "null", "http://[", "http://127.0.0.1:1"):
        with Watcher.by_cookie(server, staff_member, origin=origin) as watcher:
            assert watcher.close_code() == 4401


def test_staff_without_membership_are_refused_and_superusers_watch_every_existing_territory(server, staff_member, ravi):
    factories.territory("nashik", "422")
    with Watcher.by_cookie(server, staff_member, query="territory=nashik") as watcher:
        assert (watcher.frame(), watcher.close_code()) == (REFUSAL, 4403)
    staff_member.is_superuser = True
    staff_member.save()
    with Watcher.by_cookie(server, staff_member, query="territory=nashik") as watcher:
        change(ravi, territory_id="nashik")
        assert watcher.seqs(1) == [1]
    with Watcher.by_cookie(server, staff_member, query="territory=nowhere") as watcher:
        assert watcher.close_code() == 4403


def test_staff_with_the_permission_work_everywhere_need_no_membership(server, staff_member, ravi):
    factories.territory("nashik", "422")
    staff_member.user_permissions.add(Permission.objects.get(codename="work_everywhere"))
    with Watcher.by_cookie(server, staff_member, query="territory=nashik") as watcher:
        assert watcher.frame()["type"] == "hello"


def test_a_cookie_is_unauthenticated_before_the_second_factor(server, staff_member):
    with_second_factor(staff_member)
    with Watcher.by_cookie(server, staff_member) as watcher:
        assert watcher.close_code() == 4401


def test_the_cookie_of_a_user_who_is_not_staff_is_unauthenticated(server, pune, ravi):
    with Watcher.by_cookie(server, ravi) as watcher:
        assert watcher.close_code() == 4401


def test_a_token_in_the_query_string_is_ignored(server, pune, ravi):
    token = token_of(ravi)
    with Watcher(
        server, f"territory=pune&token={token}&access_token={token}&authorization=Bearer%20{token}"
    ) as watcher:
        assert watcher.close_code() == 4401


def test_invalid_tokens_are_unauthenticated(server, pune):
    for header in ("", "Bearer", "Bearer x", "Bearer a.b.c d", "Basic cmF2aQ==", "Bearer " + "x" * 5000):
        with Watcher(server, additional_headers={"Authorization": header}) as watcher:
            assert watcher.close_code() == 4401


def test_invalid_tokens_in_the_subprotocol_are_unauthenticated(server, pune):
    for offered in (["bearer"], ["bearer", "x.y.z"], ["bearer", "x", "y"], ["chat", "bearer"]):
        with Watcher(server, subprotocols=offered) as watcher:
            assert watcher.close_code() == 4401


def test_expired_and_revoked_tokens_are_unauthenticated(server, pune, ravi):
    expired = AccessToken(token_of(ravi))
    expired.set_exp(lifetime=-timedelta(seconds=1))
    revoked = token_of(ravi)
    Session.objects.filter(pk=AccessToken(revoked)["sid"]).update(revoked_at="2024-01-01T00:00Z")
    for token in (str(expired), revoked):
        with Watcher(server, token=token) as watcher:
            assert watcher.close_code() == 4401


def test_exactly_one_territory_is_required(server, pune, ravi):
    for query in ("", "territory=", "since=1", "territory=pune&territory=nashik", "token=x"):
        with Watcher(server, query, token=token_of(ravi)) as watcher:
            assert watcher.close_code() == 4400


def test_since_must_be_a_number(server, pune, ravi):
    for since in ("", "x", "-1", "1.5", "%D9%A1", "1" * 40, "%00", "1&since=2"):
        with Watcher(server, f"territory=pune&since={since}", token=token_of(ravi)) as watcher:
            assert watcher.close_code() == 4400


def test_non_members_are_refused_in_the_territory_envelope_and_receive_nothing(server, pune, ravi):
    factories.territory("nashik", "422")
    change(ravi, territory_id="nashik")
    for territory in ("nashik", "nowhere", "PUNE", "%00", "x" * 5000, "pune%20"):
        with Watcher(server, f"territory={territory}&since=0", token=token_of(ravi)) as watcher:
            assert watcher.frame() == REFUSAL
            assert watcher.close_code() == 4403


def test_a_member_needs_an_active_role(server, pune, ravi):
    _, tokens = open_session(ravi)
    with Watcher(server, token=tokens.access) as watcher:
        assert watcher.frame()["error"]["message"] == "Choose an active role first"
        assert watcher.close_code() == 4403


def test_a_role_that_was_revoked_does_not_count(server, pune, ravi):
    token = token_of(ravi)
    RoleAssignment.objects.filter(user=ravi).delete()
    with Watcher(server, token=token) as watcher:
        assert watcher.close_code() == 4403


def test_other_paths_refuse_the_handshake(server, pune, ravi):
    for path in ("/ws", "/ws/orders/", "/ws/orders/x", "/orders", "/"):
        with pytest.raises(InvalidStatus):
            Watcher(server, path=path, token=token_of(ravi))
