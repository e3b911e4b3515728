"""Uvicorn's WebSocket protocol, made to let go of clients that do not read."""

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol


class SocketProtocol(WebSocketsSansIOProtocol):
    """Uvicorn closes a connection only when the client has read all of it: one that never does would stay for ever."""

    async def send(self, message: Any) -> None:
        if message["type"] == "websocket.close":
            self.writable.set()  # a close frame takes its place in the buffer and does not wait for room
            self._abort_soon()
        await super().send(message)

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self._abort_soon()

    def _abort_soon(self) -> None:
        """In a few seconds, in which the close frame may still arrive. Nothing happens to a connection that is gone."""
        self.loop.call_later(self.close_timeout, self.transport.abort)
