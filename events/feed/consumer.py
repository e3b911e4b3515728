"""`/ws/orders?territory=<id>[&since=<seq>]`: from the handshake to a subscriber of the feed, and what clients say."""

import asyncio
import json
import re
from typing import Any
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import Error

from core.errors import Unauthenticated
from events.feed import frames
from events.feed.admission import Seat
from events.feed.closings import (
    BAD_SINCE,
    NO_TERRITORY,
    TOO_LARGE,
    UNAUTHENTICATED,
    UNAVAILABLE,
    Closing,
    Refused,
)
from events.feed.credentials import SUBPROTOCOL, offers_token, pass_of
from events.feed.hub import Hub
from events.feed.subscriber import Subscriber

HANDSHAKE_SECONDS = 5
MAX_MESSAGE_BYTES = 64 * 1024
_TERRITORY_ID = re.compile(r"[a-z0-9_-]{1,50}", re.ASCII)
_SEQ = re.compile(r"[0-9]{1,18}", re.ASCII)  # fits a bigint


class FeedConsumer(AsyncWebsocketConsumer):
    """Accepts everybody, as only then a close code reaches the client, and closes those who may not stay."""

    channel_layer_alias = "none"  # a channel layer would make Redis answer before any handshake

    def __init__(self, hub: Hub):
        super().__init__()
        self.hub = hub
        self.subscriber: Subscriber | None = None

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self.subscriber:
                self.hub.leave(self.subscriber)

    async def connect(self) -> None:
        closing = await self._take_place()
        await self.accept(SUBPROTOCOL if offers_token(self.scope) else None)
        if closing:
            await self._refuse(closing)
        elif self.subscriber:
            self.subscriber.start()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if not self.subscriber:
            return
        if text_data and len(text_data.encode()) > MAX_MESSAGE_BYTES:
            self.subscriber.shut(TOO_LARGE)
        is_within_limits = await self.subscriber.allowance.take()
        if self.subscriber.is_live:
            await self.send(_answer(text_data) if is_within_limits else frames.error(429))

    async def _take_place(self) -> Closing | None:
        """Enter the feed; None, or why not."""
        try:
            async with asyncio.timeout(HANDSHAKE_SECONDS):
                seat, since = await self._seat()
                self.subscriber = self.hub.enter(seat, self.send, self._close)
                await self.subscriber.take_place(since)
        except Refused as refused:
            return refused.closing
        except Unauthenticated:
            return UNAUTHENTICATED
        except (TimeoutError, Error):
            return UNAVAILABLE
        return None

    async def _seat(self) -> tuple[Seat, int | None]:
        """Who asks for which place in which territory. Raises Unauthenticated and Refused, in this order."""
        held = pass_of(self.scope)
        territory_id, since = self._asked("territory"), self._asked("since")
        seat = Seat(held, territory_id if territory_id and _TERRITORY_ID.fullmatch(territory_id) else "")
        closing = await self.hub.authorizer.authorize(seat)
        if closing is not UNAUTHENTICATED and not territory_id:
            closing = NO_TERRITORY
        elif closing is None and since is not None and not _SEQ.fullmatch(since):
            closing = BAD_SINCE
        if closing:
            raise Refused(closing)
        return seat, None if since is None else int(since)

    def _asked(self, name: str) -> str | None:
        """A parameter of the address, None where it is missing; said twice it says nothing."""
        values = parse_qs(self.scope["query_string"].decode("latin-1"), keep_blank_values=True).get(name, [None])
        return values[0] if len(values) == 1 else ""

    async def _refuse(self, closing: Closing) -> None:
        if closing.last_frame:
            await self.send(closing.last_frame)
        await self._close(closing)

    async def _close(self, closing: Closing) -> None:
        await self.close(closing.code, closing.reason)


def _answer(text: str | None) -> str:
    """What is said to a client's message: there is only one that we understand."""
    try:
        message = json.loads(text or "")
    except (ValueError, RecursionError):
        return frames.error(400, "Messages are JSON objects")
    if not isinstance(message, dict) or message.get("type") != "ping":
        return frames.error(400, "Unknown message")
    return frames.pong()
