"""What is said on a socket, as text. Wherever `seq` stands, the client has everything up to it and may resume there."""

import json
from datetime import UTC
from typing import Any

from core.contracts import territory
from core.contracts.api_errors import ApiError
from events.models import OrderEvent


def status_change(event: OrderEvent) -> str:
    """One change of status of one order."""
    return _text(
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
    """The first frame: what follows comes after `seq`."""
    return _text(type="hello", territory_id=territory_id, seq=seq)


def heartbeat(territory_id: str, seq: int) -> str:
    """Nothing new, and the feed lives."""
    return _text(type="heartbeat", territory_id=territory_id, seq=seq)


def resync(territory_id: str, seq: int) -> str:
    """The feed never was where the client says it was: fetch the orders anew, the feed goes on after `seq`."""
    return _text(type="resync", territory_id=territory_id, seq=seq)


def pong() -> str:
    return _text(type="pong")


def error(status: int, reason: str = "") -> str:
    """A refusal in the territory contract's envelope, with the code that belongs to the HTTP status."""
    return json.dumps(territory.failure(ApiError(status, reason)), separators=(",", ":"))


def _text(**frame: Any) -> str:
    return json.dumps(frame, separators=(",", ":"))
