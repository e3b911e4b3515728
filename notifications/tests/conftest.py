from datetime import UTC, datetime

import pytest
import time_machine


@pytest.fixture
def clock():
    """It is noon, and time stands still until `clock.shift(seconds)`."""
    with time_machine.travel(datetime(2024, 1, 10, 12, tzinfo=UTC), tick=False) as traveller:
        yield traveller
