"""One socket: a place in a stream, and the task that sends what follows it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import NoReturn

from django.conf import settings
from django.db import Error

from events.feed import frames
from events.feed.admission import Seat
from events.feed.closings import FAILED, TOO_SLOW, Closing
from events.feed.limits import Allowance
from events.feed.stream import Stream

logger = logging.getLogger(__name__)

LAG = 256  # frames behind that nobody minds
LAG_SECONDS = 30  # in which a socket that is further behind has to gain
RETRY_SECONDS = 1

Send = Callable[[str], Awaitable[None]]
Close = Callable[[Closing], Awaitable[None]]


class Subscriber:
    """Keeps no frames of its own: however slow a socket is, it costs its place and one batch."""

    def __init__(self, seat: Seat, stream: Stream, send: Send, close: Close):
        self.seat, self.stream, self.position = seat, stream, 0
        self.allowance = Allowance(seat.territory_id)
        self._send_text, self._close = send, close
        self._news = asyncio.Event()
        self._is_lost = False
        self._task: asyncio.Task[None] | None = None
        self._leaving: asyncio.Task[None] | None = None
        self._sending_since: float | None = None
        self._lagging: tuple[float, int] | None = None  # since when, and by how much then
        self._next_heartbeat = 0.0

    @property
    def is_live(self) -> bool:
        return self._task is not None and self._leaving is None

    async def take_place(self, since: int | None) -> None:
        """Begin after number `since`; without one, where the territory is now."""
        await self.stream.open()
        if since is not None and since > self.stream.newest:
            await self.stream.catch_up()  # another process may have been ahead of us
        self.position = self.stream.newest if since is None else since

    def start(self) -> None:
        self._rest_until_heartbeat()
        self._task = asyncio.create_task(self._deliver())

    def stop(self) -> None:
        """The socket is gone."""
        if self._task:
            self._task.cancel()

    def wake(self) -> None:
        self._news.set()

    def lose_place(self) -> None:
        """What was sent so far belongs to another history."""
        self._is_lost = True
        self.wake()

    def shut(self, closing: Closing) -> None:
        """Close the socket from our side, once."""
        if self.is_live:
            logger.info("Closing a socket of %s: %s %s", self.seat.territory_id, closing.code, closing.reason)
            self.stop()
            self._leaving = asyncio.create_task(self._leave(closing))

    def look_at_clock(self) -> None:
        """Once a second: is a heartbeat due, does the client read at all, does it keep up?"""
        now = asyncio.get_running_loop().time()
        if self._is_stuck(now) or self._falls_behind(now):
            self.shut(TOO_SLOW)
        elif now >= self._next_heartbeat:
            self.wake()

    async def _deliver(self) -> None:
        try:
            await self._send_what_follows()
        except OSError:
            pass  # the client is gone
        except Exception:
            logger.exception("Unforeseen error in the feed of %s", self.seat.territory_id)
            self.shut(FAILED)

    async def _send_what_follows(self) -> NoReturn:
        await self._send(self._greeting())
        while True:
            for frame in await self._next_frames():
                await self._send(frame)
                self.position += 1

    def _greeting(self) -> str:
        if self.position > self.stream.newest:
            return self._resync()
        return frames.hello(self.seat.territory_id, self.position)

    async def _next_frames(self) -> list[str]:
        """The frames that follow our place; waits for some, and sends heartbeats meanwhile."""
        while self.position == self.stream.newest and not self._is_lost:
            if asyncio.get_running_loop().time() >= self._next_heartbeat:
                await self._send(frames.heartbeat(self.seat.territory_id, self.position))
                self._rest_until_heartbeat()
            else:
                self._news.clear()
                await self._news.wait()
        if self._is_lost or self.position > self.stream.newest:
            await self._send(self._resync())
        return await self._read() if self.position < self.stream.newest else []

    async def _read(self) -> list[str]:
        try:
            found = await self.stream.frames_after(self.position)
        except Error as trouble:
            logger.warning("Cannot read the feed of %s: %s", self.seat.territory_id, type(trouble).__name__)
            found = []
        if not found:
            await asyncio.sleep(RETRY_SECONDS)
        return found

    def _resync(self) -> str:
        self.position, self._is_lost = self.stream.newest, False
        return frames.resync(self.seat.territory_id, self.position)

    async def _send(self, frame: str) -> None:
        self._sending_since = asyncio.get_running_loop().time()
        await self._send_text(frame)
        self._sending_since = None

    async def _leave(self, closing: Closing) -> None:
        with suppress(OSError):
            if closing.last_frame and self._sending_since is None:
                await self._send_text(closing.last_frame)
            await self._close(closing)

    def _is_stuck(self, now: float) -> bool:
        return self._sending_since is not None and now - self._sending_since > settings.FEED_STUCK_SECONDS

    def _falls_behind(self, now: float) -> bool:
        lag = self.stream.newest - self.position
        if lag <= LAG:
            self._lagging = None
        elif self._lagging is None:
            self._lagging = now, lag
        elif now - self._lagging[0] > LAG_SECONDS:
            is_slower, self._lagging = lag >= self._lagging[1], (now, lag)
            return is_slower
        return False

    def _rest_until_heartbeat(self) -> None:
        self._next_heartbeat = asyncio.get_running_loop().time() + settings.FEED_HEARTBEAT_SECONDS
