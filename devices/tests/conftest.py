"""Things of their own that tests of devices start from."""

import pytest

from accounts.models import User


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path):
    """Files of one test lie in a folder of their own."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def staff(db, client):
    client.force_login(User.objects.create_superuser("+919876543209", "a-long-password"))
    return client
