"""Run the feed of one process: notifications, polling, repeated authorization and timeouts of all its sockets."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable
from typing import NoReturn

from django.conf import settings
from django.db import Error

from events.feed import reading
from events.feed.authorization import Authorizer
from events.feed.close_codes import TOO_MANY_SOCKETS, SubscriptionRefused
from events.feed.listener import listen
from events.feed.permissions import Subscription
from events.feed.stream import Stream
from events.feed.subscriber import Close, Send, Subscriber

logger = logging.getLogger(__name__)

POLL_SECONDS = 2  # the delay of an event whose notification was lost
AUTHORIZE_SECONDS = 2.5  # a socket outlives the end of its rights by at most twice that
TIMEOUT_CHECK_SECONDS = 1


class Hub:
    """Hold the streams and sockets of this process. The background tasks run while there is at least one socket."""

    def __init__(self) -> None:
        self.streams: dict[str, Stream[Subscriber]] = {}
        self.authorizer = Authorizer()
        self._sockets: Counter[Hashable] = Counter()  # by the owner of the credential
        self._tasks: asyncio.Task[None] | None = None

    def add(self, subscription: Subscription, send: Send, close: Close) -> Subscriber:
        """Return a subscriber for one more socket. Raises SubscriptionRefused if its owner has too many."""
        owner = subscription.credential.owner
        if self._sockets[owner] >= settings.FEED_SOCKETS_PER_USER:
            raise SubscriptionRefused(TOO_MANY_SOCKETS)
        self._sockets[owner] += 1
        stream = self.streams.setdefault(subscription.territory_id, Stream(subscription.territory_id))
        subscriber = Subscriber(subscription, stream, send, close)
        stream.subscribers.add(subscriber)
        if self._tasks is None:
            self._tasks = asyncio.create_task(self._run())
        return subscriber

    def remove(self, subscriber: Subscriber) -> None:
        """Forget a socket that is closed, and its stream if it was the last one."""
        stream = subscriber.stream
        subscriber.stop()
        stream.subscribers.discard(subscriber)
        self._release(subscriber.subscription.credential.owner)
        if not stream.subscribers:
            stream.close()
            self.streams.pop(stream.territory_id, None)
        if not self.streams and self._tasks:
            self._tasks.cancel()
            self._tasks = None

    def _release(self, owner: Hashable) -> None:
        self._sockets[owner] -= 1
        if not self._sockets[owner]:
            del self._sockets[owner]

    def _subscribers(self) -> list[Subscriber]:
        return [subscriber for stream in self.streams.values() for subscriber in stream.subscribers]

    async def _run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(listen(self._on_event, self._poll))
            group.create_task(_repeat(POLL_SECONDS, self._poll))
            group.create_task(_repeat(AUTHORIZE_SECONDS, self._authorize_again))
            group.create_task(_repeat(TIMEOUT_CHECK_SECONDS, self._check_timeouts))

    def _on_event(self, territory_id: str, seq: int) -> None:
        if stream := self.streams.get(territory_id):
            stream.announce(seq)

    async def _poll(self) -> None:
        """Ask for the newest number of each territory, whether or not its notification arrived."""
        before = {territory_id: stream.newest for territory_id, stream in self.streams.items()}
        for territory_id, seq in (await reading.newest_of(list(before))).items():
            if stream := self.streams.get(territory_id):
                stream.reconcile(seq, before[territory_id])

    async def _authorize_again(self) -> None:
        refused = await reading.check({subscriber.subscription for subscriber in self._subscribers()})
        for subscriber in self._subscribers():
            if reason := refused.get(subscriber.subscription):
                subscriber.close(reason)

    async def _check_timeouts(self) -> None:
        for subscriber in self._subscribers():
            if subscriber.is_live:
                subscriber.check_timeouts()


async def _repeat(seconds: float, run: Callable[[], Awaitable[None]]) -> NoReturn:
    """Run again and again, also after errors: a feed that has stopped polling is worse than one that logs errors."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await run()
        except Error as error:
            logger.warning("The feed waits for the database: %s", type(error).__name__)
        except Exception:
            logger.exception("Unexpected error in the feed")
