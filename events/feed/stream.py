"""One territory's feed in this process: its newest frames, read and encoded once for all sockets."""

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING

from django.db import Error

from events.feed import reading

if TYPE_CHECKING:
    from events.feed.subscriber import Subscriber

logger = logging.getLogger(__name__)

KEPT = 1024  # frames, about 250 bytes each
BATCH = 256  # frames read, or handed to a socket, at once


class Stream:
    """Numbers have no gaps, so the frames' numbers follow from that of the newest."""

    def __init__(self, territory_id: str):
        self.territory_id = territory_id
        self.newest = 0
        self.subscribers: set[Subscriber] = set()
        self._past = reading.past_of(territory_id, BATCH)
        self._frames: deque[str] = deque(maxlen=KEPT)
        self._announced = 0
        self._is_open = False
        self._opening = asyncio.Lock()
        self._reader: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin where the territory is now; at hand are the frames that those who come back have missed."""
        async with self._opening:
            if not self._is_open:
                self.newest, last = await reading.newest_frames(self.territory_id, KEPT)
                self._frames.extend(last)
                self._is_open = True
                self.announce(self.newest)  # and what was announced meanwhile

    async def frames_after(self, seq: int) -> list[str]:
        """Up to BATCH frames that follow number `seq`; from the database where it is no longer at hand."""
        at_hand = self.newest - len(self._frames)
        if seq < at_hand:
            return await self._long_past(seq)
        first = seq - at_hand
        return [self._frames[index] for index in range(first, min(first + BATCH, len(self._frames)))]

    async def _long_past(self, seq: int) -> list[str]:
        """In whole blocks, which many share, but for the last."""
        into_block = seq % BATCH
        if seq - into_block + BATCH > self.newest:
            return await reading.frames_after(self.territory_id, seq, BATCH)
        return (await self._past(seq - into_block))[into_block:]

    def announce(self, seq: int) -> None:
        """There are events up to `seq`: read them, unless somebody does already."""
        self._announced = max(self._announced, seq)
        if self._is_open and self._announced > self.newest and (self._reader is None or self._reader.done()):
            self._reader = asyncio.create_task(self._read_on())

    async def catch_up(self) -> None:
        """Be where the territory is now."""
        before = self.newest
        self.compare((await reading.newest_of([self.territory_id]))[self.territory_id], before)
        if self._reader:
            await asyncio.wait([self._reader])

    def compare(self, seq: int, before: int) -> None:
        """The territory is at `seq`, asked when this stream was at `before`: behind it only after a restored backup."""
        if self._is_open and seq < before:
            logger.warning("The feed of %s went back from %s to %s", self.territory_id, before, seq)
            self._begin_anew(seq)
        else:
            self.announce(seq)

    def close(self) -> None:
        if self._reader:
            self._reader.cancel()

    def _begin_anew(self, seq: int) -> None:
        """It is another history: what was sent of it to anybody may never have happened."""
        self.newest = self._announced = seq
        self._frames.clear()
        self._past = reading.past_of(self.territory_id, BATCH)
        for subscriber in self.subscribers:
            subscriber.lose_place()

    async def _read_on(self) -> None:
        try:
            while self.newest < self._announced and (new := await self._new_frames()):
                self._frames.extend(new)
                self.newest += len(new)
                for subscriber in self.subscribers:
                    subscriber.wake()
        except Error as trouble:
            logger.warning("Cannot read the feed of %s, trying again: %s", self.territory_id, type(trouble).__name__)
        finally:
            self._announced = self.newest

    async def _new_frames(self) -> list[str]:
        position = self.newest
        new = await reading.frames_after(self.territory_id, position, BATCH)
        return new if position == self.newest else []
