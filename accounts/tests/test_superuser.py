"""The command `createsuperuser`."""

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command

from accounts.models import Role, User
from tests.support.clients import api_client


@pytest.fixture
def create(monkeypatch, capsys):
    def run(phone):
        monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a-long-password")
        call_command("createsuperuser", interactive=False, phone=phone)

    return run


@pytest.mark.parametrize(
    "spelling", ["98765 43200", "+91 98765-43200", "09876543200", "\u202a+91 98765\u201143200\u202c", "९८७६५४३२००"]
)
def test_any_spelling_makes_the_same_superuser_who_is_an_admin(create, spelling):
    create(spelling)
    user = User.objects.get()
    assert (user.phone, user.is_staff, user.is_superuser, user.is_active) == ("+919876543200", True, True, True)
    assert authenticate(username="9876543200", password="a-long-password") == user
    assert api_client(user, Role.ADMIN).get("/admin/vles").status_code == 200


@pytest.mark.parametrize("nonsense", ["admin", "12345", "98765\u00b243200", "root@localhost", "98765"])
def test_nonsense_is_refused_clearly(create, nonsense):
    with pytest.raises(CommandError, match="Invalid phone number"):
        create(nonsense)
    assert not User.objects.exists()


def test_a_phone_is_required(create):
    with pytest.raises(CommandError, match="Phone cannot be blank"):
        create("")


@pytest.mark.parametrize("spelling", ["+919876543211", "98765 43211"])
def test_a_phone_that_is_taken_is_refused_in_any_spelling(create, asha, spelling):
    with pytest.raises(CommandError, match="That phone is already taken"):
        create(spelling)
    assert User.objects.get().role_assignments.get().role == Role.FARMER
