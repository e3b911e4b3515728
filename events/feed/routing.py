"""Route WebSocket paths: there is one socket."""

from typing import Any

from django.urls import path, re_path

from events.feed.consumer import FeedConsumer
from events.feed.hub import Hub


async def unknown_path(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Refuse the handshake: HTTP 403."""
    await receive()
    await send({"type": "websocket.close"})


websocket_urlpatterns = [
    path("ws/orders", FeedConsumer.as_asgi(hub=Hub())),
    re_path("", unknown_path),  # type: ignore[arg-type]
]
