"""Superusers who remove each other at the same moment: one of them stays."""

from contextlib import suppress
from functools import partial

import pytest

from accounts.actors import back_office_actor
from accounts.models import AccessChange, User
from accounts.services import access, deactivate_user, set_staff_access
from core.errors import DomainError
from tests.support.races import deadlocks, together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


@pytest.fixture(autouse=True)
def no_deadlock():
    before = deadlocks()
    yield
    assert deadlocks() == before


def remove(user: User, by: User) -> None:
    with suppress(DomainError):
        set_staff_access(user, by=back_office_actor(by), is_staff=True, is_superuser=False, groups=[])


def deactivate(user: User, by: User) -> None:
    with suppress(DomainError):
        deactivate_user(user, by=back_office_actor(by))


def remaining() -> int:
    return User.objects.filter(is_superuser=True, is_active=True).count()


@pytest.mark.parametrize("act", [remove, deactivate])
def test_of_two_who_remove_each_other_one_stays(superuser, act):
    for number in range(ROUNDS):
        other = User.objects.create_superuser(f"+91987654325{number}", "a-long-password")
        together(partial(remove, superuser, by=other), partial(act, other, by=superuser))
        assert remaining() == 1
        User.objects.filter(pk=superuser.pk).update(is_superuser=True, is_active=True)
        User.objects.filter(pk=other.pk).update(is_superuser=False)
    assert AccessChange.objects.exists()


def test_control_without_the_lock_none_stays(superuser, monkeypatch):
    monkeypatch.setattr(access, "advisory_lock", lambda *names: None)
    for number in range(40):
        other = User.objects.create_superuser(f"+9198765432{number + 10}", "a-long-password")
        together(partial(remove, superuser, by=other), partial(remove, other, by=superuser))
        if remaining() == 0:
            return
        User.objects.update(is_superuser=False)
        User.objects.filter(pk=superuser.pk).update(is_superuser=True)
    pytest.fail("The race did not show without the lock")
