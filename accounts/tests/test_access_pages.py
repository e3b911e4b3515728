"""Pages of users, groups and territories write rights through the services: one record per fact, or none."""

import pytest
from django.contrib.auth.models import Group, Permission

from accounts.models import AccessChange, RoleAssignment, Territory, TerritoryMembership, User
from core.errors import DomainError
from tests.support import factories
from tests.support.admin_pages import admin_url, form_of, save


@pytest.fixture
def admin_client(client, superuser):
    client.force_login(superuser)
    return client


@pytest.fixture
def pune(ravi):
    territory = factories.territory("pune", "411", "412")
    factories.works_in(territory, ravi)
    return territory


def recorded() -> list[tuple]:
    """All access changes, oldest first: kind, before, after."""
    return [(row.kind, row.before, row.after) for row in AccessChange.objects.order_by("id")]


def test_saving_pages_unchanged_records_nothing(admin_client, asha, pune):
    group = Group.objects.get(name="viewer")
    for url in (
        admin_url("accounts_user", "change", asha.pk),
        admin_url("accounts_territory", "change", "pune"),
        admin_url("auth_group", "change", group.pk),
    ):
        assert save(admin_client, url).status_code == 302
    assert recorded() == []


def test_each_role_granted_or_revoked_on_the_page_is_one_record(admin_client, superuser, asha):
    url = admin_url("accounts_user", "change", asha.pk)
    changes = {
        "role_assignments-TOTAL_FORMS": "2",
        "role_assignments-0-DELETE": "on",
        "role_assignments-1-role": "ADMIN",
        "role_assignments-1-user": str(asha.pk),
    }
    assert save(admin_client, url, **changes).status_code == 302
    assert recorded() == [("ROLE_REVOKED", {"role": "FARMER"}, {}), ("ROLE_GRANTED", {}, {"role": "ADMIN"})]
    assert set(AccessChange.objects.values_list("user", "changed_by", "source")) == {
        (asha.pk, superuser.pk, "back office")
    }


def test_a_row_whose_role_is_changed_is_two_records(admin_client, asha):
    url = admin_url("accounts_user", "change", asha.pk)
    assert save(admin_client, url, **{"role_assignments-0-role": "OPERATOR"}).status_code == 302
    assert recorded() == [("ROLE_REVOKED", {"role": "FARMER"}, {}), ("ROLE_GRANTED", {}, {"role": "OPERATOR"})]
    assert [held.role for held in asha.role_assignments.all()] == ["OPERATOR"]


def test_flags_and_groups_are_one_record_each(admin_client, asha):
    group = Group.objects.get(name="viewer")
    url = admin_url("accounts_user", "change", asha.pk)
    assert save(admin_client, url, is_staff="on", groups=[str(group.pk)], name="Asha Patil").status_code == 302
    asha.refresh_from_db()
    assert (asha.is_staff, asha.name, list(asha.groups.all())) == (True, "Asha Patil", [group])
    assert [kind for kind, *_ in recorded()] == ["STAFF_ACCESS_CHANGED", "USER_GROUPS_CHANGED"]
    assert save(admin_client, url, groups=[]).status_code == 302
    assert recorded()[2:] == [("USER_GROUPS_CHANGED", {"groups": ["viewer"]}, {"groups": []})]


def test_other_columns_of_a_user_are_no_record(admin_client, asha):
    url = admin_url("accounts_user", "change", asha.pk)
    assert save(admin_client, url, name="Asha Patil", phone="98765 43219").status_code == 302
    asha.refresh_from_db()
    assert (asha.name, asha.phone, recorded()) == ("Asha Patil", "+919876543219", [])


def test_superusers_are_told_that_they_cannot_take_away_their_own_access(admin_client, superuser):
    url = admin_url("accounts_user", "change", superuser.pk)
    form = {name: value for name, value in form_of(admin_client, url).items() if name != "is_superuser"}
    answer = admin_client.post(url, form | {"name": "Meena P"})
    assert "You cannot take away your own access" in answer.content.decode()
    superuser.refresh_from_db()
    assert (superuser.is_superuser, superuser.name, recorded()) == (True, "Meena", [])


def test_a_role_of_a_new_user_is_recorded(admin_client):
    form = {"phone": "98765 43240", "name": "Charu", "usable_password": "false"}
    form |= {"role_assignments-TOTAL_FORMS": "1", "role_assignments-INITIAL_FORMS": "0"}
    answer = admin_client.post(admin_url("accounts_user", "add"), form | {"role_assignments-0-role": "ADMIN"})
    assert answer.status_code == 302
    assert recorded() == [("ROLE_GRANTED", {}, {"role": "ADMIN"})]
    assert AccessChange.objects.get().user == User.objects.get(phone="+919876543240")


def test_a_new_territory_with_prefixes_and_members_is_one_record_each(admin_client, asha):
    form = {"id": "satara", "name": "Satara", "prefixes-TOTAL_FORMS": 2, "prefixes-INITIAL_FORMS": 0}
    form |= {"prefixes-0-prefix": "415", "prefixes-1-prefix": "41 60"}
    form |= {"memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 0}
    form |= {"memberships-0-user": str(asha.pk), "memberships-0-can_verify": "on"}
    assert admin_client.post(admin_url("accounts_territory", "add"), form).status_code == 302
    assert recorded() == [
        ("TERRITORY_SAVED", {}, {"name": "Satara", "prefixes": ["415", "4160"]}),
        ("MEMBER_ADDED", {}, {"can_verify": True}),
    ]


def test_prefixes_are_changed_removed_and_added_in_one_record(admin_client, pune):
    url = admin_url("accounts_territory", "change", "pune")
    changes = {"prefixes-0-prefix": "4110", "prefixes-1-DELETE": "on", "prefixes-TOTAL_FORMS": 3}
    assert save(admin_client, url, name="Pune district", **changes, **{"prefixes-2-prefix": "413"}).status_code == 302
    assert recorded() == [
        (
            "TERRITORY_SAVED",
            {"name": "Pune", "prefixes": ["411", "412"]},
            {"name": "Pune district", "prefixes": ["4110", "413"]},
        )
    ]
    assert sorted(pune.prefixes.values_list("prefix", flat=True)) == ["4110", "413"]


def test_members_are_changed_replaced_and_removed_with_a_record_each(admin_client, pune, ravi, asha):
    url = admin_url("accounts_territory", "change", "pune")
    save(admin_client, url, **{"memberships-0-can_verify": "on"})
    assert recorded() == [("MEMBER_CHANGED", {"can_verify": False}, {"can_verify": True})]
    save(admin_client, url, **{"memberships-0-user": str(asha.pk)})
    assert recorded()[1:] == [("MEMBER_REMOVED", {"can_verify": True}, {}), ("MEMBER_ADDED", {}, {"can_verify": True})]
    save(admin_client, url, **{"memberships-0-DELETE": "on"})
    assert recorded()[3:] == [("MEMBER_REMOVED", {"can_verify": True}, {})]
    users = AccessChange.objects.order_by("id").values_list("user", "territory")
    assert list(users) == [(ravi.pk, "pune"), (ravi.pk, "pune"), (asha.pk, "pune"), (asha.pk, "pune")]
    assert not TerritoryMembership.objects.exists()


def test_groups_are_saved_and_deleted_with_a_record(admin_client):
    view = Permission.objects.get(codename="view_user")
    form = {"name": "auditors", "permissions": [view.pk]}
    assert admin_client.post(admin_url("auth_group", "add"), form).status_code == 302
    group = Group.objects.get(name="auditors")
    assert admin_client.post(admin_url("auth_group", "change", group.pk), {"name": "auditors"}).status_code == 302
    assert admin_client.post(admin_url("auth_group", "delete", group.pk), {"post": "yes"}).status_code == 302
    other = Group.objects.create(name="other")
    action = {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"}
    admin_client.post(admin_url("auth_group", "changelist"), action)
    assert not Group.objects.filter(name__in=["auditors", "other"]).exists()
    assert [kind for kind, *_ in recorded()] == ["GROUP_SAVED", "GROUP_SAVED", "GROUP_DELETED", "GROUP_DELETED"]


@pytest.mark.parametrize(
    ("model", "act", "broken"),
    [
        ("accounts_user", {"role_assignments-0-role": "ADMIN", "is_staff": "on"}, "accounts.admin.users.save_roles"),
        ("accounts_territory", {"name": "Mine", "memberships-0-DELETE": "on"}, "accounts.admin.rights.remove_member"),
    ],
)
def test_a_save_that_fails_leaves_neither_change_nor_record(admin_client, asha, pune, monkeypatch, model, act, broken):
    def refuse(*args: object, **options: object) -> None:
        raise DomainError("Refused at last")

    monkeypatch.setattr(broken, refuse)
    row = {"accounts_user": asha.pk, "accounts_territory": "pune"}[model]
    assert "Refused at last" in save(admin_client, admin_url(model, "change", row), **act).content.decode()
    asha.refresh_from_db()
    assert (asha.is_staff, Territory.objects.get().name, recorded()) == (False, "Pune", [])
    assert list(RoleAssignment.objects.filter(user=asha).values_list("role", flat=True)) == ["FARMER"]
