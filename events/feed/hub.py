"""All the sockets of one process: what tells them of news, checks their rights and watches the clock."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable
from typing import NoReturn

from django.conf import settings
from django.db import Error

from events.feed import reading
from events.feed.admission import Seat
from events.feed.authorization import Authorizer
from events.feed.closings import TOO_MANY_SOCKETS, Refused
from events.feed.listener import listen
from events.feed.stream import Stream
from events.feed.subscriber import Close, Send, Subscriber

logger = logging.getLogger(__name__)

LOOK_SECONDS = 2  # how late news come when their announcement was lost
CHECK_SECONDS = 2.5  # how long a right outlives its end, at most twice that


class Hub:
    """Works while anybody is here, in the loop of those who are."""

    def __init__(self) -> None:
        self.streams: dict[str, Stream] = {}
        self.authorizer = Authorizer()
        self._sockets: Counter[Hashable] = Counter()  # by holder
        self._work: asyncio.Task[None] | None = None

    def enter(self, seat: Seat, send: Send, close: Close) -> Subscriber:
        """A place for one more socket. Raises Refused when its user has too many."""
        if self._sockets[seat.held.holder] >= settings.FEED_SOCKETS_PER_USER:
            raise Refused(TOO_MANY_SOCKETS)
        self._sockets[seat.held.holder] += 1
        stream = self.streams.setdefault(seat.territory_id, Stream(seat.territory_id))
        subscriber = Subscriber(seat, stream, send, close)
        stream.subscribers.add(subscriber)
        if self._work is None:
            self._work = asyncio.create_task(self._run())
        return subscriber

    def leave(self, subscriber: Subscriber) -> None:
        stream = subscriber.stream
        subscriber.stop()
        stream.subscribers.discard(subscriber)
        self._forget(subscriber.seat.held.holder)
        if not stream.subscribers:
            stream.close()
            self.streams.pop(stream.territory_id, None)
        if not self.streams and self._work:
            self._work.cancel()
            self._work = None

    def _forget(self, holder: Hashable) -> None:
        self._sockets[holder] -= 1
        if not self._sockets[holder]:
            del self._sockets[holder]

    def _subscribers(self) -> list[Subscriber]:
        return [subscriber for stream in self.streams.values() for subscriber in stream.subscribers]

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(listen(self._hear, self._look))
            group.create_task(_every(LOOK_SECONDS, self._look))
            group.create_task(_every(CHECK_SECONDS, self._check_rights))
            group.create_task(_every(1, self._look_at_clock))

    def _hear(self, territory_id: str, seq: int) -> None:
        if stream := self.streams.get(territory_id):
            stream.announce(seq)

    async def _look(self) -> None:
        """Whatever was announced, or was not: where are the territories?"""
        before = {territory_id: stream.newest for territory_id, stream in self.streams.items()}
        for territory_id, seq in (await reading.newest_of(list(before))).items():
            if stream := self.streams.get(territory_id):
                stream.compare(seq, before[territory_id])

    async def _check_rights(self) -> None:
        closings = await reading.check({subscriber.seat for subscriber in self._subscribers()})
        for subscriber in self._subscribers():
            if closing := closings.get(subscriber.seat):
                subscriber.shut(closing)

    async def _look_at_clock(self) -> None:
        for subscriber in self._subscribers():
            if subscriber.is_live:
                subscriber.look_at_clock()


async def _every(seconds: float, act: Callable[[], Awaitable[None]]) -> NoReturn:
    """Whatever happens: a feed that has stopped looking would be worse than one that complains."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await act()
        except Error as trouble:
            logger.warning("The feed waits for the database: %s", type(trouble).__name__)
        except Exception:
            logger.exception("Unforeseen error in the feed")
