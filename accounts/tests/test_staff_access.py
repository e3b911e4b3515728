"""Services that write staff flags and groups: who may, and what is recorded."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import Group, Permission

from accounts.actors import Actor, back_office_actor
from accounts.choices import AccessChangeKind as Kind
from accounts.choices import Role, Source
from accounts.models import AccessChange, User
from accounts.services import (
    change_member,
    deactivate_user,
    delete_group,
    grant_role,
    revoke_role,
    save_group,
    save_territory,
    set_staff_access,
)
from core.errors import DomainError, Forbidden
from tests.support import factories
from tests.support.access import recorded, staff_actor, territory_manager, with_role


@pytest.fixture
def office(superuser):
    """A superuser as an actor of the back office."""
    return back_office_actor(superuser)


@pytest.fixture
def pune():
    return factories.territory("pune", "411")


@pytest.fixture
def manager(pune, charu):
    """Charu as manager of Pune, limited to it."""
    return territory_manager(charu, pune)


def test_flags_and_groups_of_staff_are_two_records(office, asha):
    group = Group.objects.get(name="viewer")
    asha = set_staff_access(asha, by=office, is_staff=True, is_superuser=False, groups=[group])
    assert (asha.is_staff, asha.is_superuser, list(asha.groups.all())) == (True, False, [group])
    assert recorded() == [
        (
            Kind.STAFF_ACCESS_CHANGED,
            asha,
            None,
            {"is_staff": False, "is_superuser": False},
            {"is_staff": True, "is_superuser": False},
        ),
        (Kind.USER_GROUPS_CHANGED, asha, None, {"groups": []}, {"groups": ["viewer"]}),
    ]


@pytest.mark.parametrize("source", [Source.API, Source.BACK_OFFICE])
def test_only_superusers_give_staff_access_and_not_through_the_api(superuser, charu, asha, source):
    admin = staff_actor(with_role(charu, Role.ADMIN), "change_user")
    refused = [replace(admin, source=source)]
    refused += [Actor(user=superuser, role=Role.ADMIN)] if source == Source.API else []
    for actor in refused:
        with pytest.raises(Forbidden):
            set_staff_access(asha, by=actor, is_staff=True, is_superuser=True, groups=[])
    asha.refresh_from_db()
    assert (asha.is_staff, asha.is_superuser, recorded()) == (False, False, [])


@pytest.mark.parametrize("kept", ["is_staff", "is_superuser"])
def test_superusers_do_not_take_away_their_own_access(office, superuser, charu, kept):
    staff_actor(charu, is_superuser=True)
    flags = {"is_staff": False, "is_superuser": False} | {kept: True}
    with pytest.raises(DomainError, match="your own access"):
        set_staff_access(superuser, by=office, **flags, groups=[])
    superuser.refresh_from_db()
    assert (superuser.is_staff, superuser.is_superuser, recorded()) == (True, True, [])


@pytest.mark.parametrize(
    "lost", [{"is_staff": True, "is_superuser": False}, {"is_staff": False, "is_superuser": True}, None], ids=str
)
def test_the_last_active_superuser_stays(superuser, charu, lost):
    gone = replace(staff_actor(charu, is_superuser=True), source=Source.COMMAND)
    User.objects.filter(pk=charu.pk).update(is_active=False)
    with pytest.raises(DomainError, match="last active superuser"):
        if lost:
            set_staff_access(superuser, by=gone, **lost, groups=[])
        else:
            deactivate_user(superuser, by=gone)
    superuser.refresh_from_db()
    assert (superuser.is_staff, superuser.is_superuser, superuser.is_active, recorded()) == (True, True, True, [])


def test_another_superuser_loses_access(office, charu):
    staff_actor(charu, is_superuser=True)
    set_staff_access(charu, by=office, is_staff=False, is_superuser=False, groups=[])
    charu.refresh_from_db()
    assert (charu.is_staff, charu.is_superuser) == (False, False)
    assert [kind for kind, *_ in recorded()] == [Kind.STAFF_ACCESS_CHANGED]


def test_groups_are_saved_and_deleted_with_a_record(office, asha):
    view = Permission.objects.get(codename="view_user")
    group = save_group(Group(), by=office, name="auditors", permissions=[view])
    asha.groups.add(group)
    save_group(group, by=office, name="auditors", permissions=[])
    delete_group(group, by=office)
    granted = {"name": "auditors", "permissions": ["accounts.view_user"]}
    empty = {"name": "auditors", "permissions": []}
    assert recorded() == [
        (Kind.GROUP_SAVED, None, None, {}, granted),
        (Kind.GROUP_SAVED, None, None, granted, empty),
        (Kind.GROUP_DELETED, None, None, empty | {"users": [asha.phone]}, {}),
    ]


def test_groups_need_their_permission(manager):
    group = Group.objects.get(name="viewer")
    for act in (
        lambda: save_group(Group(), by=manager, name="mine", permissions=[]),
        lambda: save_group(group, by=manager, name="viewer", permissions=[]),
        lambda: delete_group(group, by=manager),
    ):
        with pytest.raises(Forbidden):
            act()
    assert group.permissions.exists() and not Group.objects.filter(name="mine").exists()
    assert recorded() == []


def test_a_new_superuser_is_recorded_as_made_by_command():
    user = User.objects.create_superuser("+919876543240", "a-long-password")
    assert recorded() == [
        (
            Kind.STAFF_ACCESS_CHANGED,
            user,
            None,
            {"is_staff": False, "is_superuser": False},
            {"is_staff": True, "is_superuser": True},
        ),
        (Kind.ROLE_GRANTED, user, None, {}, {"role": "ADMIN"}),
    ]
    assert set(AccessChange.objects.values_list("changed_by", "source")) == {(None, "command")}


def test_what_changes_nothing_is_not_recorded(office, asha, pune):
    group = Group.objects.get(name="viewer")
    membership = factories.works_in(pune, asha)
    grant_role(asha, by=office, role=Role.FARMER)
    revoke_role(asha, by=office, role=Role.VLE)
    set_staff_access(asha, by=office, is_staff=False, is_superuser=False, groups=[])
    save_group(group, by=office, name="viewer", permissions=group.permissions.all())
    save_territory("pune", by=office, name="Pune", prefixes=["411"])
    save_territory("pune", by=office, name="Pune")
    change_member(membership, by=office, can_verify=False)
    assert recorded() == []
