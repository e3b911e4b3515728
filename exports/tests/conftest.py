"""Staff who take lists away, and lists to be taken."""

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
    """The back office, open to this user."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def clerk(db):
    """A member of staff who sees orders, leases and SMS, and may export."""
    return member_of_staff("+919876543290", "Clerk", EXPORT, *SEE_ALL)


@pytest.fixture
def admin_client(clerk):
    """The back office, open to the clerk."""
    return admin_client_for(clerk)


@pytest.fixture
def everything_takes_a_while(monkeypatch):
    """No list is short enough to be written while the reader waits."""
    monkeypatch.setattr(exportable, "MAX_AT_ONCE", 0)
