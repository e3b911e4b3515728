"""Serve `/ws/orders?territory=<id>[&since=<seq>]`: the handshake, and the messages of clients."""

import asyncio
import json
import re
from typing import Any
from urllib.parse import parse_qs

from channels.generic.websocket import AsyncWebsocketConsumer
from django.db import Error

from core.errors import Unauthenticated
from events.feed import frames
from events.feed.close_codes import (
    BAD_SINCE,
    NO_TERRITORY,
    TOO_LARGE,
    UNAUTHENTICATED,
    UNAVAILABLE,
    CloseReason,
    SubscriptionRefused,
)
from events.feed.credentials import SUBPROTOCOL, offers_token, read_credential
from events.feed.hub import Hub
from events.feed.permissions import Subscription
from events.feed.subscriber import Subscriber

HANDSHAKE_SECONDS = 5
MAX_MESSAGE_BYTES = 64 * 1024
_TERRITORY_ID = re.compile(r"[a-z0-9_-]{1,50}", re.ASCII)
_SEQ = re.compile(r"[0-9]{1,18}", re.ASCII)  # fits a bigint


class FeedConsumer(AsyncWebsocketConsumer):
    """Accept every handshake, because only then a close code reaches the client, and close the refused sockets."""

    channel_layer_alias = "none"  # with a channel layer every handshake would wait for Redis

    def __init__(self, hub: Hub):
        super().__init__()
        self.hub = hub
        self.subscriber: Subscriber | None = None

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            if self.subscriber:
                self.hub.remove(self.subscriber)

    async def connect(self) -> None:
        reason = await self._subscribe()
        await self.accept(SUBPROTOCOL if offers_token(self.scope) else None)
        if reason:
            await self._refuse(reason)
        elif self.subscriber:
            self.subscriber.start()

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if not self.subscriber:
            return
        if text_data and len(text_data.encode()) > MAX_MESSAGE_BYTES:
            self.subscriber.close(TOO_LARGE)
        is_within_limits = await self.subscriber.quota.consume()
        if self.subscriber.is_live:
            await self.send(_answer(text_data) if is_within_limits else frames.error(429))

    async def _subscribe(self) -> CloseReason | None:
        """Add the socket to the hub. Returns why it has to be closed instead, None on success."""
        try:
            async with asyncio.timeout(HANDSHAKE_SECONDS):
                subscription, since = await self._authorize()
                self.subscriber = self.hub.add(subscription, self.send, self._close)
                await self.subscriber.resume_from(since)
        except SubscriptionRefused as refused:
            return refused.close_reason
        except Unauthenticated:
            return UNAUTHENTICATED
        except (TimeoutError, Error):
            return UNAVAILABLE
        return None

    async def _authorize(self) -> tuple[Subscription, int | None]:
        """Return the subscription and its `since`. Raises Unauthenticated, then SubscriptionRefused."""
        credential = read_credential(self.scope)
        territory_id, since = self._query_param("territory"), self._query_param("since")
        subscription = Subscription(
            credential, territory_id if territory_id and _TERRITORY_ID.fullmatch(territory_id) else ""
        )
        reason = await self.hub.authorizer.authorize(subscription)
        if reason is not UNAUTHENTICATED and not territory_id:
            reason = NO_TERRITORY
        elif reason is None and since is not None and not _SEQ.fullmatch(since):
            reason = BAD_SINCE
        if reason:
            raise SubscriptionRefused(reason)
        return subscription, None if since is None else int(since)

    def _query_param(self, name: str) -> str | None:
        """Return a query parameter, None if it is missing, "" if it is given more than once."""
        values = parse_qs(self.scope["query_string"].decode("latin-1"), keep_blank_values=True).get(name, [None])
        return values[0] if len(values) == 1 else ""

    async def _refuse(self, reason: CloseReason) -> None:
        if reason.last_frame:
            await self.send(reason.last_frame)
        await self._close(reason)

    async def _close(self, reason: CloseReason) -> None:
        await self.close(reason.code, reason.reason)


def _answer(text: str | None) -> str:
    """Return the answer to a client's message: a pong to a ping, an error to anything else."""
    try:
        message = json.loads(text or "")
    except (ValueError, RecursionError):
        return frames.error(400, "Messages are JSON objects")
    if not isinstance(message, dict) or message.get("type") != "ping":
        return frames.error(400, "Unknown message")
    return frames.pong()
