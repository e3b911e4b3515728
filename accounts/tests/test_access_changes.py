"""The record of access changes: append-only in the database, read-only in the back office."""

import pytest
from django.contrib.auth.models import Permission
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from accounts.actors import back_office_actor
from accounts.choices import Role
from accounts.models import AccessChange, User
from accounts.services import add_member, grant_role, revoke_role, save_territory
from tests.support import factories
from tests.support.staff import staff

LIST = reverse("admin:accounts_accesschange_changelist")


@pytest.fixture
def office(superuser):
    return back_office_actor(superuser)


@pytest.fixture
def change(office, asha):
    grant_role(asha, by=office, role=Role.ADMIN)
    return AccessChange.objects.get()


@pytest.mark.parametrize(
    "statement", ["UPDATE accounts_accesschange SET source = 'api'", "DELETE FROM accounts_accesschange"]
)
def test_records_cannot_be_changed_or_deleted(change, statement):
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        cursor.execute(statement)
    assert AccessChange.objects.get().source == "back office"


def test_the_table_cannot_be_emptied():
    with connection.cursor() as cursor, pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        cursor.execute("ALTER TABLE accounts_accesschange ENABLE TRIGGER access_changes_are_append_only")
        cursor.execute("TRUNCATE accounts_accesschange")


def test_a_change_is_listed_and_shown_and_cannot_be_changed(client, superuser, change, asha):
    client.force_login(superuser)
    listed = client.get(LIST).content.decode()
    assert "Role granted" in listed and "Role: - → ADMIN" in listed and str(asha) in listed
    page = reverse("admin:accounts_accesschange_change", args=[change.pk])
    assert "Role: - → ADMIN" in client.get(page).content.decode()
    assert client.post(page, {"source": "api"}).status_code == 403
    assert client.get(reverse("admin:accounts_accesschange_add")).status_code == 403
    assert client.post(reverse("admin:accounts_accesschange_delete", args=[change.pk])).status_code == 403


@pytest.mark.parametrize(
    ("term", "is_found"),
    [("98765 43211", True), ("+919876543200", True), ("98765 43299", False), ("nashik", False), ("x'\"", False)],
)
def test_changes_are_found_by_phone(client, superuser, change, charu, term, is_found):
    client.force_login(superuser)
    found = client.get(LIST, {"q": term}).context["cl"].result_list
    assert list(found) == ([change] if is_found else [])


def test_changes_are_found_by_territory(client, superuser, office):
    save_territory("pune", by=office, name="Pune", prefixes=["411"])
    save_territory("nashik", by=office, name="Nashik", prefixes=["422"])
    client.force_login(superuser)
    assert [row.territory_id for row in client.get(LIST, {"q": "pune"}).context["cl"].result_list] == ["pune"]


def test_the_list_costs_the_same_however_long(client, superuser, office, asha, django_assert_max_num_queries):
    for _ in range(5):
        grant_role(asha, by=office, role=Role.VLE)
        revoke_role(asha, by=office, role=Role.VLE)
    client.force_login(superuser)
    with django_assert_max_num_queries(11):
        assert len(client.get(LIST).context["cl"].result_list) == 10


def test_managers_see_changes_of_their_territories_and_people(client, office, asha, ravi, charu):
    pune, nashik = factories.territory("pune", "411"), factories.territory("nashik", "422")
    User.objects.filter(pk=asha.pk).update(pincode="411001")
    User.objects.filter(pk=charu.pk).update(pincode="422001")
    grant_role(asha, by=office, role=Role.VLE)
    grant_role(charu, by=office, role=Role.VLE)
    add_member(pune, by=office, user=ravi, can_verify=False)
    add_member(nashik, by=office, user=charu, can_verify=False)
    manager = staff("+919876543288", "Charu", "territory manager")
    factories.works_in(pune, manager)
    client.force_login(manager)
    seen = {(row.kind, row.user) for row in client.get(LIST).context["cl"].result_list}
    assert seen == {("ROLE_GRANTED", asha), ("MEMBER_ADDED", ravi)}


def test_the_newest_changes_stand_on_the_page_of_the_user_and_of_the_territory(client, superuser, office, ravi):
    pune = factories.territory("pune", "411")
    for can_verify in [True, False] * 6:
        add_member(pune, by=office, user=ravi, can_verify=can_verify)
        pune.memberships.all().delete()
    client.force_login(superuser)
    on_user = client.get(reverse("admin:accounts_user_change", args=[ravi.pk])).content.decode()
    on_territory = client.get(reverse("admin:accounts_territory_change", args=["pune"])).content.decode()
    assert on_user.count("May verify: - →") == on_territory.count("May verify: - →") == 10
    assert f'href="{LIST}?user={ravi.pk}"' in on_user and f'href="{LIST}?territory=pune"' in on_territory
    assert client.get(f"{LIST}?user={ravi.pk}").context["cl"].result_count == 12
    assert client.get(f"{LIST}?territory=pune").context["cl"].result_count == 12


def test_staff_who_may_not_view_access_changes_see_none(client, change, asha, charu):
    charu.is_staff = True
    charu.save()
    charu.user_permissions.set(Permission.objects.filter(codename__in=["view_user", "work_everywhere"]))
    client.force_login(charu)
    assert client.get(LIST).status_code == 403
    page = client.get(reverse("admin:accounts_user_change", args=[asha.pk]))
    assert page.status_code == 200 and "Role granted" not in page.content.decode()
