"""Fixtures: staff with export permissions, and lists to export."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from exports.admin import exportable

EXPORT = "exports.export"
SEE_ALL = ["orders.view_order", "leases.view_lease", "notifications.view_smsmessage", "accounts.work_everywhere"]


def member_of_staff(phone: str, name: str, *permissions: str) -> User:
    person = User.objects.create(phone=phone, name=name, is_staff=True)
    for permission in permissions:
        app, codename = permission.split(".")
        person.user_permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))
    return person


def admin_client_for(user: User) -> Client:
    """Return a client logged in to the back office as this user."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def clerk(db):
    """Create a member of staff who may view orders, leases and SMS, and export."""
    return member_of_staff("+919876543290", "Clerk", EXPORT, *SEE_ALL)


@pytest.fixture
def admin_client(clerk):
    """Return a client logged in as the clerk."""
    return admin_client_for(clerk)


@pytest.fixture
def all_lists_are_long(monkeypatch):
    """Treat every list as too long to be written within the request."""
    monkeypatch.setattr(exportable, "MAX_ROWS_IN_REQUEST", 0)
