"""Things of their own that tests of devices start from."""

import pytest


@pytest.fixture(autouse=True)
def media_root(settings, tmp_path):
    """Files of one test lie in a folder of their own."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path
