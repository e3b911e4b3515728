"""Sessions of apps: choosing a role, refreshing, logging out, revocation."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.authentication import actor_of
from accounts.models import Role, RoleAssignment, Session, User
from accounts.sessions import end_all_sessions, open_session
from tests.support import factories
from tests.support.clients import Client, token_of
from tests.support.otp import refusal
from tests.support.races import statuses, together

START = datetime(2026, 3, 1, 10, tzinfo=UTC)
INVALID = (401, "Invalid or expired token", "Authentication failed")


@pytest.fixture
def clock(time_machine):
    def at(**since_start):
        time_machine.move_to(START + timedelta(**since_start), tick=False)

    at()
    return at


def me(token):
    return Client().get("/auth/me", HTTP_AUTHORIZATION=f"Bearer {token}")


def choose(token, role):
    return Client().post(
        "/auth/session/role", {"activeRole": role}, format="json", HTTP_AUTHORIZATION=f"Bearer {token}"
    )


def refresh(token):
    return Client().post("/auth/refresh", {"refreshToken": token}, format="json")


def refreshed(token):
    return refresh(token).body["data"]


def test_a_token_stands_for_its_user_in_the_chosen_role(ravi):
    actor = actor_of(token_of(ravi, Role.VLE))
    assert (actor.user, actor.role, actor.vle) == (ravi, Role.VLE, ravi.vle_profile)


def test_choosing_a_role_answers_a_new_token_and_voids_the_old_one(ravi):
    _, tokens = open_session(ravi)
    response = choose(tokens.access, "VLE")
    assert (response.status_code, response.body["message"]) == (200, "Active role updated")
    data = response.body["data"]
    assert set(data) == {"token", "refreshToken", "user"}
    assert (data["user"]["roles"], data["user"]["activeRole"]) == (["VLE"], "VLE")
    assert me(data["token"]).body["data"]["activeRole"] == "VLE"
    assert refusal(me(tokens.access)) == INVALID


def test_the_refresh_token_from_before_the_choice_keeps_the_role(ravi):
    _, tokens = open_session(ravi)
    choose(tokens.access, "VLE")
    assert me(refreshed(tokens.refresh)["token"]).body["data"]["activeRole"] == "VLE"


@pytest.mark.parametrize("role", ["ADMIN", "OPERATOR", "FARMER"])
def test_a_role_that_is_not_held_cannot_be_chosen(ravi, role):
    _, tokens = open_session(ravi)
    assert refusal(choose(tokens.access, role)) == (403, "Access denied", "Role not assigned to user")
    assert me(tokens.access).body["data"]["activeRole"] is None


@pytest.mark.parametrize("role", ["vle", "KING", "VLE ", 1, True, [], {}, ["VLE"], "V\x00LE"])
def test_an_unknown_role_is_refused(ravi, role):
    text = "{activeRole=Active role must be one of FARMER, VLE, OPERATOR, ADMIN}"
    assert refusal(choose(token_of(ravi), role)) == (400, "Validation failed", text)


@pytest.mark.parametrize("role", [None])
def test_a_role_has_to_be_named(ravi, role):
    assert refusal(choose(token_of(ravi), role)) == (400, "Validation failed", "{activeRole=Active role is required}")


def test_sessions_need_a_token(api):
    for method, path in [("post", "/auth/session/role"), ("post", "/auth/logout"), ("get", "/auth/me")]:
        assert refusal(getattr(api(), method)(path)) == INVALID


def test_a_user_reads_their_own_data(ravi, api):
    data = api(ravi).get("/auth/me").body["data"]
    assert (data["id"], data["phone"], data["profile"]["name"]) == (str(ravi.pk), "+919876543210", "Ravi")


def test_a_role_taken_away_is_no_role_at_the_next_request(ravi):
    token = token_of(ravi, Role.VLE)
    ravi.role_assignments.all().delete()
    assert (actor_of(token).role, actor_of(token).vle) == (None, None)
    assert me(token).body["data"]["activeRole"] is None


def test_a_role_given_back_acts_again_at_the_next_request(ravi):
    token = token_of(ravi, Role.VLE)
    ravi.role_assignments.all().delete()
    RoleAssignment.objects.create(user=ravi, role=Role.VLE)
    assert actor_of(token).role == Role.VLE


def test_logging_out_ends_this_session_and_no_other(asha):
    here, there = token_of(asha), token_of(asha)
    response = Client().post("/auth/logout", HTTP_AUTHORIZATION=f"Bearer {here}")
    assert (response.status_code, response.body["data"]) == (200, None)
    assert refusal(me(here)) == INVALID
    assert me(there).status_code == 200


def test_logging_out_voids_the_refresh_token_too(asha):
    _, tokens = open_session(asha)
    Client().post("/auth/logout", HTTP_AUTHORIZATION=f"Bearer {tokens.access}")
    assert refusal(refresh(tokens.refresh)) == INVALID


def test_logging_out_everywhere_ends_all(asha, charu):
    tokens, other = [token_of(asha) for _ in range(3)], token_of(charu)
    assert end_all_sessions(asha) == 3
    assert {me(token).status_code for token in tokens} == {401}
    assert me(other).status_code == 200


def test_a_deactivated_user_is_refused_at_the_next_request(asha):
    token = token_of(asha)
    _, tokens = open_session(asha)
    User.objects.filter(pk=asha.pk).update(is_active=False)
    assert refusal(me(token)) == refusal(refresh(tokens.refresh)) == refusal(choose(token, "FARMER")) == INVALID


def test_a_deleted_user_is_refused_at_the_next_request(asha):
    token = token_of(asha)
    asha.delete()
    assert refusal(me(token)) == INVALID


def test_an_access_token_lives_for_an_hour(asha, clock):
    token = token_of(asha)
    clock(minutes=59)
    assert me(token).status_code == 200
    clock(minutes=60)
    assert refusal(me(token)) == INVALID


def test_a_refresh_returns_two_new_tokens(asha, clock):
    _, tokens = open_session(asha)
    clock(hours=2)
    data = refreshed(tokens.refresh)
    assert set(data) == {"token", "refreshToken"}
    assert me(data["token"]).status_code == 200
    assert refresh(data["refreshToken"]).status_code == 200


def test_an_expired_access_token_beside_it_does_not_stop_a_refresh(asha, clock):
    _, tokens = open_session(asha)
    clock(hours=2)
    answer = Client().post(
        "/auth/refresh",
        {"refreshToken": tokens.refresh},
        format="json",
        HTTP_AUTHORIZATION=f"Bearer {tokens.access}",
    )
    assert answer.status_code == 200


def test_a_refresh_token_works_again_for_two_minutes(asha, clock):
    _, tokens = open_session(asha)
    first = refreshed(tokens.refresh)
    clock(minutes=2)
    again = refreshed(tokens.refresh)
    assert refresh(first["refreshToken"]).status_code == 200
    assert me(again["token"]).status_code == 200


def test_a_refresh_token_used_long_after_it_was_replaced_ends_the_session(asha, clock):
    _, tokens = open_session(asha)
    newest = refreshed(tokens.refresh)
    clock(minutes=2, seconds=1)
    assert refusal(refresh(tokens.refresh)) == INVALID
    assert refusal(refresh(newest["refreshToken"])) == INVALID
    assert refusal(me(newest["token"])) == INVALID


def test_a_refresh_token_of_two_generations_ago_ends_the_session_at_once(asha):
    _, tokens = open_session(asha)
    newest = refreshed(refreshed(tokens.refresh)["refreshToken"])
    assert refusal(refresh(tokens.refresh)) == INVALID
    assert refusal(me(newest["token"])) == INVALID


def test_a_session_ends_after_thirty_days_without_a_refresh(asha, clock):
    _, tokens = open_session(asha)
    clock(days=29)
    newer = refreshed(tokens.refresh)["refreshToken"]
    clock(days=58)
    newest = refreshed(newer)["refreshToken"]
    clock(days=88)
    assert refusal(refresh(newest)) == INVALID


def test_the_idle_lifetime_is_checked_on_the_session_and_not_only_in_the_token(asha, clock):
    _, tokens = open_session(asha)
    Session.objects.update(refreshed_at=START - timedelta(days=30, seconds=1))
    assert refusal(refresh(tokens.refresh)) == INVALID


def test_a_role_taken_away_is_dropped_by_a_refresh(ravi):
    session, tokens = open_session(ravi)
    choose(tokens.access, "VLE")
    ravi.role_assignments.all().delete()
    assert me(refreshed(tokens.refresh)["token"]).body["data"]["activeRole"] is None
    session.refresh_from_db()
    assert session.active_role is None


@pytest.mark.parametrize(
    ("token", "text"),
    [
        (None, "Refresh token is required"),
        ("", "Refresh token is required"),
        (True, "Refresh token must be text"),
        ([], "Refresh token must be text"),
        ({}, "Refresh token must be text"),
    ],
)
def test_a_refresh_needs_a_token(token, text):
    assert refusal(refresh(token)) == (400, "Validation failed", f"{{refreshToken={text}}}")


def test_authentication_costs_one_query(ravi, django_assert_num_queries):
    token = token_of(ravi, Role.VLE)
    with django_assert_num_queries(1):
        assert actor_of(token).vle == ravi.vle_profile


def test_a_token_that_is_forged_costs_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert me("a.b.c").status_code == 401


def test_reading_oneself_costs_two_queries(asha, api, django_assert_num_queries):
    client = api(asha)
    with django_assert_num_queries(2):
        client.get("/auth/me")


@pytest.mark.django_db(transaction=True)
def test_many_refreshes_at_once_leave_one_session_with_one_token(asha):
    session, tokens = open_session(asha)
    answers = together(*[lambda: refresh(tokens.refresh)] * 10)
    assert statuses(answers) == {200: 10}
    session.refresh_from_db()
    assert session.revoked_at is None
    assert {refresh(answer.body["data"]["refreshToken"]).status_code for answer in answers} == {200}


@pytest.mark.django_db(transaction=True)
def test_many_choices_at_once_leave_the_newest_token_good(asha):
    factories.vle("+919876543222", "Charu")
    RoleAssignment.objects.create(user=asha, role=Role.OPERATOR)
    _, tokens = open_session(asha)
    answers = together(*[lambda role=role: choose(tokens.access, role) for role in ["FARMER", "OPERATOR"] * 4])
    good = [a for a in answers if a.status_code == 200 and me(a.body["data"]["token"]).status_code == 200]
    assert len(good) == 1
    assert set(statuses(answers)) <= {200, 401}
