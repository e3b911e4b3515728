"""Read and encode the newest frames of one territory once per process, for all its sockets."""

import asyncio
import logging
from collections import deque
from typing import Generic, Protocol, TypeVar

from django.db import Error

from events.feed import reading

logger = logging.getLogger(__name__)

CACHED_FRAMES = 1024  # about 250 bytes each
BATCH_SIZE = 256  # frames read, or handed to a socket, at once


class Follower(Protocol):
    """Declare what a stream calls on each of its subscribers."""

    def wake(self) -> None: ...

    def reset(self) -> None: ...


AnyFollower = TypeVar("AnyFollower", bound=Follower)


class Stream(Generic[AnyFollower]):
    """Cache the newest frames. Numbers have no gaps, so the number of a frame follows from that of the newest one."""

    def __init__(self, territory_id: str):
        self.territory_id = territory_id
        self.newest = 0
        self.subscribers: set[AnyFollower] = set()
        self._read_block = reading.block_reader(territory_id, BATCH_SIZE)
        self._frames: deque[str] = deque(maxlen=CACHED_FRAMES)
        self._announced = 0
        self._is_open = False
        self._opening = asyncio.Lock()
        self._reader: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Load the newest number, and the frames before it for clients that resume. Later calls do nothing."""
        async with self._opening:
            if not self._is_open:
                self.newest, recent = await reading.newest_frames(self.territory_id, CACHED_FRAMES)
                self._frames.extend(recent)
                self._is_open = True
                self.announce(self.newest)  # events may have been announced meanwhile

    async def frames_after(self, seq: int) -> list[str]:
        """Return up to BATCH_SIZE frames after number `seq`, from the database if they are no longer cached."""
        oldest = self.newest - len(self._frames)
        if seq < oldest:
            return await self._uncached_frames_after(seq)
        first = seq - oldest
        return [self._frames[index] for index in range(first, min(first + BATCH_SIZE, len(self._frames)))]

    async def _uncached_frames_after(self, seq: int) -> list[str]:
        """Return frames from blocks that many sockets share; the last, incomplete block is not shared."""
        offset = seq % BATCH_SIZE
        if seq - offset + BATCH_SIZE > self.newest:
            return await reading.frames_after(self.territory_id, seq, BATCH_SIZE)
        return (await self._read_block(seq - offset))[offset:]

    def announce(self, seq: int) -> None:
        """Start reading the events up to `seq`, unless a reader is running already."""
        self._announced = max(self._announced, seq)
        if self._is_open and self._announced > self.newest and (self._reader is None or self._reader.done()):
            self._reader = asyncio.create_task(self._read_new_frames())

    async def catch_up(self) -> None:
        """Read up to the newest event in the database."""
        before = self.newest
        self.reconcile((await reading.newest_of([self.territory_id]))[self.territory_id], before)
        if self._reader:
            await asyncio.wait([self._reader])

    def reconcile(self, seq: int, before: int) -> None:
        """Compare with the newest number in the database, read when this stream was at `before`.

        It is smaller only if a backup was restored.
        """
        if self._is_open and seq < before:
            logger.warning("The feed of %s went back from %s to %s", self.territory_id, before, seq)
            self._reset(seq)
        else:
            self.announce(seq)

    def close(self) -> None:
        """Stop the reader."""
        if self._reader:
            self._reader.cancel()

    def _reset(self, seq: int) -> None:
        """Continue after `seq` and reset all subscribers: events that were sent may not exist any more."""
        self.newest = self._announced = seq
        self._frames.clear()
        self._read_block = reading.block_reader(self.territory_id, BATCH_SIZE)
        for subscriber in self.subscribers:
            subscriber.reset()

    async def _read_new_frames(self) -> None:
        try:
            while self.newest < self._announced and (new := await self._next_batch()):
                self._frames.extend(new)
                self.newest += len(new)
                for subscriber in self.subscribers:
                    subscriber.wake()
        except Error as error:
            logger.warning("Cannot read the feed of %s, trying again: %s", self.territory_id, type(error).__name__)
        finally:
            self._announced = self.newest

    async def _next_batch(self) -> list[str]:
        """Return the next frames; none if the stream was reset meanwhile."""
        position = self.newest
        new = await reading.frames_after(self.territory_id, position, BATCH_SIZE)
        return new if position == self.newest else []
