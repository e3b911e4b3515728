"""Deliver a stream to one socket: a position in the stream, and the task that sends the frames after it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NoReturn

from django.conf import settings
from django.db import Error

from events.feed import frames
from events.feed.close_codes import FAILED, TOO_SLOW, CloseReason
from events.feed.limits import MessageQuota
from events.feed.permissions import Subscription
from events.feed.stream import Stream

logger = logging.getLogger(__name__)

TOLERATED_LAG = 256  # frames
LAG_SECONDS = 30  # in which a socket with a larger lag has to reduce it
RETRY_SECONDS = 1

Send = Callable[[str], Awaitable[None]]
Close = Callable[[CloseReason], Awaitable[None]]


class Subscriber:
    """Represent one socket. It has no queue: a slow client costs no more than a position and one batch of frames."""

    def __init__(self, subscription: Subscription, stream: "Stream[Subscriber]", send: Send, close: Close):
        self.subscription, self.stream, self.position = subscription, stream, 0
        self.quota = MessageQuota(subscription.territory_id)
        self._send_text, self._close_socket = send, close
        self._wakeup = asyncio.Event()
        self._needs_resync = False
        self._delivery: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._sending_since: float | None = None
        self._lagging: tuple[float, int] | None = None  # since when, and the lag in frames at that time
        self._next_heartbeat = 0.0

    @property
    def is_live(self) -> bool:
        """Return whether frames are being delivered."""
        return self._delivery is not None and self._closing is None

    async def resume_from(self, since: int | None) -> None:
        """Set the position to number `since`; if it is None, to the newest event."""
        await self.stream.open()
        if since is not None and since > self.stream.newest:
            await self.stream.catch_up()  # the client may come from a process that is ahead of this one
        self.position = self.stream.newest if since is None else since

    def start(self) -> None:
        """Start delivering frames."""
        self._schedule_heartbeat()
        self._delivery = asyncio.create_task(self._deliver())

    def stop(self) -> None:
        """Stop delivering frames: the socket is closed."""
        if self._delivery:
            self._delivery.cancel()

    def wake(self) -> None:
        """Send the frames that are new in the stream."""
        self._wakeup.set()

    def reset(self) -> None:
        """Send `resync` next: the frames that were sent belong to a history that was replaced."""
        self._needs_resync = True
        self.wake()

    def close(self, reason: CloseReason) -> None:
        """Close the socket from the server's side. Later calls do nothing."""
        if self.is_live:
            logger.info("Closing a socket of %s: %s %s", self.subscription.territory_id, reason.code, reason.reason)
            self.stop()
            self._closing = asyncio.create_task(self._send_close(reason))

    def check_timeouts(self) -> None:
        """Close the socket if the client does not read or does not keep up; send a heartbeat if one is due."""
        now = asyncio.get_running_loop().time()
        if self._is_stuck(now) or self._is_falling_behind(now):
            self.close(TOO_SLOW)
        elif now >= self._next_heartbeat:
            self.wake()

    async def _deliver(self) -> None:
        try:
            await self._send_frames()
        except OSError:
            pass  # the client has disconnected
        except Exception:
            logger.exception("Unexpected error in the feed of %s", self.subscription.territory_id)
            self.close(FAILED)

    async def _send_frames(self) -> NoReturn:
        await self._send(self._first_frame())
        while True:
            for frame in await self._next_frames():
                await self._send(frame)
                self.position += 1

    def _first_frame(self) -> str:
        if self.position > self.stream.newest:
            return self._resync()
        return frames.hello(self.subscription.territory_id, self.position)

    async def _next_frames(self) -> list[str]:
        """Return the frames after the position; wait for some, and send heartbeats meanwhile."""
        while self.position == self.stream.newest and not self._needs_resync:
            if asyncio.get_running_loop().time() >= self._next_heartbeat:
                await self._send(frames.heartbeat(self.subscription.territory_id, self.position))
                self._schedule_heartbeat()
            else:
                self._wakeup.clear()
                await self._wakeup.wait()
        if self._needs_resync or self.position > self.stream.newest:
            await self._send(self._resync())
        return await self._read() if self.position < self.stream.newest else []

    async def _read(self) -> list[str]:
        try:
            found = await self.stream.frames_after(self.position)
        except Error as error:
            logger.warning("Cannot read the feed of %s: %s", self.subscription.territory_id, type(error).__name__)
            found = []
        if not found:
            await asyncio.sleep(RETRY_SECONDS)
        return found

    def _resync(self) -> str:
        self.position, self._needs_resync = self.stream.newest, False
        return frames.resync(self.subscription.territory_id, self.position)

    async def _send(self, frame: str) -> None:
        self._sending_since = asyncio.get_running_loop().time()
        await self._send_text(frame)
        self._sending_since = None

    async def _send_close(self, reason: CloseReason) -> None:
        with suppress(OSError):
            if reason.last_frame and self._sending_since is None:
                await self._send_text(reason.last_frame)
            await self._close_socket(reason)

    def _is_stuck(self, now: float) -> bool:
        return self._sending_since is not None and now - self._sending_since > settings.FEED_STUCK_SECONDS

    def _is_falling_behind(self, now: float) -> bool:
        """Return whether the lag is too large and has not become smaller within LAG_SECONDS."""
        lag = self.stream.newest - self.position
        if lag <= TOLERATED_LAG:
            self._lagging = None
        elif self._lagging is None:
            self._lagging = now, lag
        elif now - self._lagging[0] > LAG_SECONDS:
            is_slower, self._lagging = lag >= self._lagging[1], (now, lag)
            return is_slower
        return False

    def _schedule_heartbeat(self) -> None:
        self._next_heartbeat = asyncio.get_running_loop().time() + settings.FEED_HEARTBEAT_SECONDS
