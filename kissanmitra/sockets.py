"""Uvicorn's WebSocket protocol, made to let go of clients that do not read."""

from typing import Any

from django.conf import settings
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol


class SocketProtocol(WebSocketsSansIOProtocol):
    """Uvicorn closes a connection when the client has read all of it: one that never does would stay for ever."""

    async def send(self, message: Any) -> None:
        if message["type"] == "websocket.close":
            self._abort_soon()
        await super().send(message)

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self._abort_soon()

    def _abort_soon(self) -> None:
        """Who begins to read in time still gets the close frame. A connection that is gone by then does not mind."""
        self.loop.call_later(settings.FEED_STUCK_SECONDS, self.transport.abort)
