"""Groups of staff in the database: equal to the tables after every migration."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from backoffice.groups import GROUPS, OPERATOR, ROWS, TERRITORY_MANAGER, VIEWER, _granted


def rights_of(name: str) -> set[str]:
    rows = Permission.objects.filter(group__name=name)
    return {f"{label}.{codename}" for label, codename in rows.values_list("content_type__app_label", "codename")}


def test_a_fresh_database_has_the_groups_with_every_right_of_the_tables():
    for column, name in enumerate(GROUPS):
        assert rights_of(name) == {f"{label}.{codename}" for label, codename in _granted(column)}


def test_a_viewer_may_only_view():
    assert {right for right in rights_of(VIEWER) if ".view_" not in right} == {"accounts.work_everywhere"}


@pytest.mark.parametrize(("name", "may_see"), [(VIEWER, False), (OPERATOR, False), (TERRITORY_MANAGER, True)])
def test_insurance_data_is_for_territory_managers(name, may_see):
    assert ("service_orders.view_insurance" in rights_of(name)) is may_see


def test_each_group_has_the_permissions_of_the_one_before_except_work_everywhere():
    viewer, operator, manager = (rights_of(name) - {"accounts.work_everywhere"} for name in GROUPS)
    assert viewer < operator < manager


def test_no_group_may_change_rights_or_delete_territories():
    granted = set.union(*(rights_of(name) for name in GROUPS))
    powers = ["accounts.change_user", "accounts.add_roleassignment", "auth.change_group", "accounts.delete_territory"]
    assert granted.isdisjoint(powers)


def test_every_admin_page_has_permissions_in_the_tables():
    pages = admin.site._registry.values()
    shown = {page.model for page in pages} | {inline.model for page in pages for inline in page.inlines or ()}
    guarded = {model._meta.label_lower for model in shown if model._meta.default_permissions}
    assert guarded - set(ROWS) == set()


def test_migrating_again_makes_the_groups_equal_to_the_tables_and_leaves_their_people(meena):
    group = Group.objects.get(name=VIEWER)
    group.permissions.set(Permission.objects.filter(codename="delete_order"))
    meena.groups.add(group, Group.objects.create(name="our own group"))
    Group.objects.get(name=OPERATOR).delete()
    call_command("migrate", verbosity=0)
    assert "accounts.view_user" in rights_of(VIEWER) and "orders.delete_order" not in rights_of(VIEWER)
    assert "orders.change_order" in rights_of(OPERATOR)
    assert {each.name for each in meena.groups.all()} == {VIEWER, "our own group"}
