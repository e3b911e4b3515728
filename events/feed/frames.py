"""Encode the frames of a socket. After any frame with a `seq` the client has everything up to it, and may resume there.

Each function returns the text of one frame.
"""

import json
from datetime import UTC
from typing import Any

from core.contracts import territory
from core.contracts.api_errors import ApiError
from events.models import OrderEvent


def status_change(event: OrderEvent) -> str:
    """Encode one change of status of one order."""
    return _encode(
        type="status_change",
        order_id=str(event.order_id),
        status=event.status,
        timestamp=event.created_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        territory_id=event.territory_id,
        order_kind=event.order_kind,
        previous_status=event.previous_status,
        seq=event.seq,
    )


def hello(territory_id: str, seq: int) -> str:
    """Encode the first frame: the changes after `seq` follow."""
    return _encode(type="hello", territory_id=territory_id, seq=seq)


def heartbeat(territory_id: str, seq: int) -> str:
    """Encode a sign of life when there are no new changes."""
    return _encode(type="heartbeat", territory_id=territory_id, seq=seq)


def resync(territory_id: str, seq: int) -> str:
    """Encode that the client's `seq` is invalid: it fetches the orders again, and the feed continues after `seq`."""
    return _encode(type="resync", territory_id=territory_id, seq=seq)


def pong() -> str:
    """Encode the answer to a ping."""
    return _encode(type="pong")


def error(status: int, reason: str = "") -> str:
    """Encode an error in the territory contract's envelope, with the code that belongs to the HTTP status."""
    return json.dumps(territory.failure(ApiError(status, reason)), separators=(",", ":"))


def _encode(**frame: Any) -> str:
    return json.dumps(frame, separators=(",", ":"))
