"""Test which territories each kind of caller may watch, and that back office and live feed agree about staff."""

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client as Browser

from accounts.choices import Role
from accounts.models import User
from accounts.sessions import open_session
from accounts.territories import territories_seen_by
from events.feed.credentials import Credential, read_credential
from events.feed.permissions import watchable_territories
from tests.support import factories
from tests.support.clients import token_of
from tests.support.staff import with_second_factor

BOTH, PUNE, NONE = {"pune", "nashik"}, {"pune"}, set()
# Kind of caller -> groups and flags, whether a member of Pune, territories that may be watched with the cookie.
STAFF = {
    "viewer": ({"group": "viewer"}, False, BOTH),
    "operator": ({"group": "operator"}, False, BOTH),
    "superuser": ({"is_superuser": True}, False, BOTH),
    "territory manager": ({"group": "territory manager"}, True, PUNE),
    "territory manager without membership": ({"group": "territory manager"}, False, NONE),
    "staff of no group who is a member": ({}, True, PUNE),
    "staff of no group": ({}, False, NONE),
}


@pytest.fixture(autouse=True)
def pune():
    factories.territory("nashik", "422")
    return factories.territory("pune", "411")


@pytest.fixture
def caller(pune, charu):
    """Return a function that gives Charu a group, flags and a membership."""

    def prepare(*, is_member: bool, group: str = "", **flags: bool) -> User:
        User.objects.filter(pk=charu.pk).update(**flags)
        charu.groups.set(Group.objects.filter(name=group))
        if is_member:
            factories.works_in(pune, charu)
        return User.objects.get(pk=charu.pk)

    return prepare


def by_token(token: str) -> Credential:
    return read_credential({"headers": [(b"authorization", f"Bearer {token}".encode())], "subprotocols": []})


def by_cookie(user: User) -> Credential:
    browser = Browser()
    browser.force_login(user)
    cookie = f"{settings.SESSION_COOKIE_NAME}={browser.session.session_key}"
    headers = {"cookie": cookie, "origin": "http://testserver", "host": "testserver"}
    return read_credential(
        {"headers": [(name.encode(), value.encode()) for name, value in headers.items()], "subprotocols": []}
    )


def watched_by(credential: Credential) -> set[str]:
    return {territory.pk for territory in watchable_territories(credential)}


@pytest.mark.parametrize("kind", STAFF)
def test_staff_watch_with_their_cookie_the_territories_they_see_in_the_back_office(caller, kind):
    rights, is_member, expected = STAFF[kind]
    user = caller(is_member=is_member, is_staff=True, **rights)
    assert watched_by(by_cookie(user)) == expected
    assert {territory.pk for territory in territories_seen_by(user)} == expected


@pytest.mark.parametrize("is_member", [True, False])
@pytest.mark.parametrize("flags", [{}, {"is_staff": True, "is_superuser": True}], ids=["farmer", "superuser"])
def test_apps_watch_with_their_token_the_territories_of_their_memberships(caller, is_member, flags):
    user = caller(is_member=is_member, **flags)
    assert watched_by(by_token(token_of(user, Role.FARMER))) == (PUNE if is_member else NONE)


def test_apps_without_an_active_role_watch_nothing(caller):
    _, tokens = open_session(caller(is_member=True))
    assert watched_by(by_token(tokens.access)) == NONE


def test_apps_whose_role_was_revoked_watch_nothing(caller):
    user = caller(is_member=True)
    token = token_of(user, Role.FARMER)
    user.role_assignments.all().delete()
    assert watched_by(by_token(token)) == NONE


@pytest.mark.parametrize("flags", [{"is_staff": False}, {"is_staff": True, "is_superuser": True, "is_active": False}])
def test_cookies_of_users_who_are_not_active_staff_watch_nothing(caller, flags):
    assert watched_by(by_cookie(caller(is_member=True, **flags))) == NONE


def test_cookies_that_have_not_passed_the_second_factor_watch_nothing(caller):
    user = caller(is_member=True, is_staff=True, is_superuser=True)
    with_second_factor(user)
    assert watched_by(by_cookie(user)) == NONE
