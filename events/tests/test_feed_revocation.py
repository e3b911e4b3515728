"""Test that sockets on every process close within 5 seconds after their rights end."""

import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session as BackOfficeSession
from rest_framework_simplejwt.tokens import AccessToken
from websockets.exceptions import ConnectionClosed

from accounts.actors import Actor
from accounts.models import Role, RoleAssignment, Session, TerritoryMembership, User
from accounts.sessions import choose_role, end_all_sessions
from tests.support import factories
from tests.support.clients import token_of
from tests.support.feed import Watcher, change
from tests.support.staff import with_second_factor

pytestmark = pytest.mark.django_db(transaction=True)


def choose_role_again(user) -> None:
    session = Session.objects.get(user=user)
    choose_role(Actor(user=user, role=None, session_id=session.pk), Role.VLE)


# Change for a user of the API -> the change and the code with which the sockets close.
API_CHANGES = {
    "logging out": (end_all_sessions, 4401),
    "choosing the role again": (choose_role_again, 4401),
    "deactivation": (lambda user: User.objects.filter(pk=user.pk).update(is_active=False), 4401),
    "losing the role": (lambda user: RoleAssignment.objects.filter(user=user).delete(), 4403),
    "leaving the territory": (lambda user: TerritoryMembership.objects.filter(user=user).delete(), 4403),
    "expiry": (lambda user: None, 4401),
    "nothing": (lambda user: None, None),
}
# The same for users of the back office.
STAFF_CHANGES = {
    "logging out": (lambda user: BackOfficeSession.objects.filter(session_key=user.session_key).delete(), 4401),
    "a new password": (lambda user: User.objects.filter(pk=user.pk).update(password="another"), 4401),
    "leaving the staff": (lambda user: User.objects.filter(pk=user.pk).update(is_staff=False), 4401),
    "setting up a second factor elsewhere": (with_second_factor, 4401),
    "losing superuser status": (lambda user: User.objects.filter(pk=user.pk).update(is_superuser=False), 4403),
}


def with_lifetime(token, *, seconds) -> str:
    changed = AccessToken(token)
    changed.set_exp(lifetime=timedelta(seconds=seconds))
    return str(changed)


def members(territory, count) -> list[User]:
    people = [factories.vle(f"+9198765441{number:02}", f"Member {number}") for number in range(count)]
    for person in people:
        factories.works_in(territory, person)
    return people


def superusers(count) -> list[User]:
    people = [factories.user(f"+9198765442{number:02}", f"Staff {number}") for number in range(count)]
    User.objects.filter(pk__in=[person.pk for person in people]).update(is_staff=True, is_superuser=True)
    return people


def close_codes(watchers, *, before) -> list[int | None]:
    return [watcher.close_code(seconds=max(0.0, before - time.monotonic())) for watcher in watchers]


def test_sockets_of_the_api_close_on_every_process(servers, pune, ravi):
    people = dict(zip(API_CHANGES, members(pune, len(API_CHANGES)), strict=True))
    tokens = {why: token_of(person) for why, person in people.items()}
    tokens["expiry"] = with_lifetime(tokens["expiry"], seconds=2)
    watchers = {why: [Watcher(server, token=tokens[why]) for server in servers] for why in API_CHANGES}
    for why, (end, _) in API_CHANGES.items():
        end(people[why])
    healthy, deadline = watchers.pop("nothing"), time.monotonic() + 5
    assert {why: close_codes(two, before=deadline) for why, two in watchers.items()} == {
        why: [API_CHANGES[why][1]] * 2 for why in watchers
    }
    change(ravi)
    assert [watcher.seqs(1) for watcher in healthy] == [[1], [1]]
    close(*healthy, *(watcher for two in watchers.values() for watcher in two))


def test_sockets_of_the_back_office_close(server, pune):
    people = dict(zip(STAFF_CHANGES, superusers(len(STAFF_CHANGES)), strict=True))
    watchers = {}
    for why, person in people.items():
        watchers[why] = Watcher.by_cookie(server, person)
        person.session_key = BackOfficeSession.objects.latest("expire_date").session_key
    for why, (end, _) in STAFF_CHANGES.items():
        end(people[why])
    deadline = time.monotonic() + 5
    assert {why: close_codes([watcher], before=deadline)[0] for why, watcher in watchers.items()} == {
        why: code for why, (_, code) in STAFF_CHANGES.items()
    }
    close(*watchers.values())


def test_no_change_is_sent_after_the_membership_ends(watch, pune, ravi):
    watcher = watch()
    watcher.frame_of("hello")
    TerritoryMembership.objects.filter(user=ravi).delete()
    assert watcher.error_code(seconds=5) == "PERMISSION_DENIED"
    change(ravi)
    with pytest.raises(ConnectionClosed):
        watcher.frame()


def close(*watchers) -> None:
    for watcher in watchers:
        watcher.close()
