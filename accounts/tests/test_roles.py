"""Services that grant and revoke roles: who may, and what is recorded."""

from dataclasses import replace

import pytest

from accounts.actors import Actor, back_office_actor
from accounts.choices import AccessChangeKind as Kind
from accounts.choices import Role, Source
from accounts.models import AccessChange, User
from accounts.services import create_operator, create_vle, get_or_create_user, grant_role, revoke_role
from accounts.sessions import roles_of
from core.correlation import correlated
from core.errors import DomainError, Forbidden
from tests.support.access import recorded, staff_actor, with_role
from tests.support.clients import Client, token_of


@pytest.fixture
def office(superuser):
    """A superuser as an actor of the back office."""
    return back_office_actor(superuser)


def test_a_granted_role_is_recorded_with_actor_source_and_correlation_id(office, asha):
    with correlated("request-1"):
        grant_role(asha, by=office, role=Role.ADMIN)
    assert roles_of(asha) == ["FARMER", "ADMIN"]
    change = AccessChange.objects.get()
    assert (change.kind, change.user, change.before, change.after) == (Kind.ROLE_GRANTED, asha, {}, {"role": "ADMIN"})
    assert (change.changed_by, change.source, change.correlation_id) == (office.user, "back office", "request-1")


def test_a_revoked_role_is_recorded(office, asha):
    revoke_role(asha, by=office, role=Role.FARMER)
    assert roles_of(asha) == []
    assert recorded() == [(Kind.ROLE_REVOKED, asha, None, {"role": "FARMER"}, {})]


def test_a_revoked_role_is_refused_at_the_next_request(office, ravi):
    token = token_of(ravi)
    assert Client().get("/vles/me", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 200
    revoke_role(ravi, by=office, role=Role.VLE)
    assert Client().get("/vles/me", HTTP_AUTHORIZATION=f"Bearer {token}").status_code == 403


def test_revoking_the_vle_role_keeps_the_profile_and_its_leases(office, leased_tractor, ravi):
    revoke_role(ravi, by=office, role=Role.VLE)
    profile = User.objects.get(pk=ravi.pk).vle_profile
    assert profile.is_active and profile.leases.get().device == leased_tractor
    grant_role(ravi, by=office, role=Role.VLE)
    assert Client().get("/vles/me", HTTP_AUTHORIZATION=f"Bearer {token_of(ravi)}").status_code == 200


# Who acts, and whether they may grant roles to a farmer.
ROLE_GRANTERS = {
    "superuser": (lambda user: staff_actor(user, is_superuser=True), True),
    "admin who may change users": (lambda user: staff_actor(with_role(user, Role.ADMIN), "change_user"), True),
    "admin who may not change users": (lambda user: staff_actor(with_role(user, Role.ADMIN)), False),
    "staff who may change users": (lambda user: staff_actor(user, "change_user"), False),
    "superuser through the API": (lambda user: replace(staff_actor(user, is_superuser=True), source=Source.API), False),
    "admin through the API": (lambda user: Actor(user=with_role(user, Role.ADMIN), role=Role.ADMIN), False),
    "farmer through the API": (lambda user: Actor(user=user, role=Role.FARMER), False),
}


@pytest.mark.parametrize("who", ROLE_GRANTERS)
def test_who_grants_and_revokes_roles(charu, asha, who):
    make, may = ROLE_GRANTERS[who]
    actor = make(charu)
    for act in (
        lambda: grant_role(asha, by=actor, role=Role.ADMIN),
        lambda: revoke_role(asha, by=actor, role="FARMER"),
    ):
        if may:
            act()
        else:
            with pytest.raises(Forbidden):
                act()
    assert roles_of(asha) == (["ADMIN"] if may else ["FARMER"])
    assert AccessChange.objects.count() == (2 if may else 0)


def test_admins_cannot_grant_roles_to_themselves_through_the_api(api, meena):
    with pytest.raises(Forbidden):
        grant_role(meena, by=Actor(user=meena, role=Role.ADMIN), role=Role.VLE)
    api(meena).post("/user/update", {"roles": ["VLE"], "activeRole": "VLE", "name": "Meena"}, format="json")
    assert roles_of(meena) == ["ADMIN"]
    assert recorded() == []


def test_an_admin_who_is_no_superuser_changes_no_role_of_a_superuser(superuser, charu):
    admin = staff_actor(with_role(charu, Role.ADMIN), "change_user")
    with pytest.raises(Forbidden):
        revoke_role(superuser, by=admin, role=Role.ADMIN)
    assert roles_of(superuser) == ["ADMIN"]


def test_roles_that_come_with_a_profile_or_a_first_login_are_recorded(meena, asha):
    admin = Actor(user=meena, role=Role.ADMIN)
    create_vle(by=admin, user=asha, details={})
    operator = create_operator(by=admin, phone="9876543240", details={"name": "Charu"}).user
    farmer = get_or_create_user(phone="+919876543241", role=Role.FARMER)
    get_or_create_user(phone="+919876543241", role=Role.ADMIN)
    assert recorded() == [
        (Kind.ROLE_GRANTED, asha, None, {}, {"role": "VLE"}),
        (Kind.ROLE_GRANTED, operator, None, {}, {"role": "OPERATOR"}),
        (Kind.ROLE_GRANTED, farmer, None, {}, {"role": "FARMER"}),
    ]
    assert list(AccessChange.objects.order_by("id").values_list("changed_by", "source")) == [
        (meena.pk, "api"),
        (meena.pk, "api"),
        (None, "api"),
    ]


def test_a_failing_creation_leaves_neither_role_nor_record(meena, ravi):
    ravi.role_assignments.all().delete()
    with pytest.raises(DomainError, match="already exists"):
        create_vle(by=Actor(user=meena, role=Role.ADMIN), user=ravi, details={})
    assert (roles_of(ravi), recorded()) == ([], [])
