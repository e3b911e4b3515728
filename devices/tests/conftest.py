"""Provide the fixtures of the tests of devices."""

import pytest

from accounts.models import User


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path):
    """Store the files of each test in a folder of its own."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def staff(db, client):
    client.force_login(User.objects.create_superuser("+919876543209", "a-long-password"))
    return client
