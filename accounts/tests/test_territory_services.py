"""Services that write territories and members: who may, and what is recorded."""

import pytest
from django.contrib.auth.models import Group

from accounts.actors import back_office_actor
from accounts.choices import AccessChangeKind as Kind
from accounts.models import TerritoryMembership, User
from accounts.services import add_member, change_member, remove_member, save_territory
from core.errors import DomainError, Forbidden, NotFound
from tests.support import factories
from tests.support.access import recorded, staff_actor, territory_manager


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


def test_a_territory_is_created_and_changed_with_a_record(office):
    save_territory("satara", by=office, name="Satara", prefixes=["415", "4160"])
    territory = save_territory("satara", by=office, name="Satara district", prefixes=["415"])
    assert (territory.name, [row.prefix for row in territory.prefixes.all()]) == ("Satara district", ["415"])
    first = {"name": "Satara", "prefixes": ["415", "4160"]}
    assert recorded() == [
        (Kind.TERRITORY_SAVED, None, "satara", {}, first),
        (Kind.TERRITORY_SAVED, None, "satara", first, {"name": "Satara district", "prefixes": ["415"]}),
    ]


def test_a_prefix_of_another_territory_changes_nothing(office, pune):
    with pytest.raises(DomainError, match="belongs to another territory"):
        save_territory("nashik", by=office, name="Nashik", prefixes=["422", "411"])
    assert recorded() == []
    assert list(pune.prefixes.values_list("prefix", flat=True)) == ["411"]
    with pytest.raises(NotFound):
        remove_member(TerritoryMembership(pk=0), by=office)


def test_members_are_added_changed_and_removed_with_a_record(office, pune, ravi):
    membership = add_member(pune, by=office, user=ravi, can_verify=False)
    change_member(membership, by=office, can_verify=True)
    remove_member(membership, by=office)
    assert not pune.memberships.exists()
    assert recorded() == [
        (Kind.MEMBER_ADDED, ravi, "pune", {}, {"can_verify": False}),
        (Kind.MEMBER_CHANGED, ravi, "pune", {"can_verify": False}, {"can_verify": True}),
        (Kind.MEMBER_REMOVED, ravi, "pune", {"can_verify": True}, {}),
    ]


def test_a_second_membership_is_refused(office, pune, ravi):
    factories.works_in(pune, ravi)
    with pytest.raises(DomainError, match="a member already"):
        add_member(pune, by=office, user=ravi, can_verify=True)
    assert recorded() == []


def test_managers_change_prefixes_and_members_of_their_own_territories(manager, pune, ravi):
    User.objects.filter(pk=ravi.pk).update(pincode="411001")
    save_territory("pune", by=manager, name="Pune", prefixes=["411", "412"])
    remove_member(add_member(pune, by=manager, user=ravi, can_verify=False), by=manager)
    assert [kind for kind, *_ in recorded()] == [Kind.TERRITORY_SAVED, Kind.MEMBER_ADDED, Kind.MEMBER_REMOVED]


def test_managers_change_nothing_of_others(manager, pune, ravi):
    nashik = factories.territory("nashik", "422")
    theirs = factories.works_in(nashik, ravi)
    for act in (
        lambda: save_territory("nashik", by=manager, name="Mine"),
        lambda: save_territory("new", by=manager, name="New"),
        lambda: save_territory("pune", by=manager, name="Pune", prefixes=["411", "4220"]),
        lambda: add_member(nashik, by=manager, user=manager.user, can_verify=True),
        lambda: add_member(pune, by=manager, user=ravi, can_verify=True),
        lambda: change_member(theirs, by=manager, can_verify=True),
        lambda: remove_member(theirs, by=manager),
    ):
        with pytest.raises(Forbidden):
            act()
    assert recorded() == []
    assert (nashik.memberships.count(), pune.memberships.count()) == (1, 1)


@pytest.mark.parametrize("group", ["viewer", "operator"])
def test_other_staff_change_no_territory(pune, charu, ravi, group):
    actor = staff_actor(charu)
    charu.groups.set(Group.objects.filter(name=group))
    for act in (
        lambda: save_territory("pune", by=actor, name="Mine"),
        lambda: add_member(pune, by=actor, user=ravi, can_verify=True),
    ):
        with pytest.raises(Forbidden):
            act()
    assert recorded() == []
