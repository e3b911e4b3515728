"""Limit the messages of clients: per socket, and per territory across all processes."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings

from core.limits import Usage, count

_counting = ThreadPoolExecutor(1, "feed-limits")  # a slow Redis must not block the event loop


class MessageQuota:
    """Count the messages of one socket. Those beyond its own limit do not count against the territory's limit."""

    def __init__(self, territory_id: str):
        self.territory_id = territory_id
        self._received, self._minute_ends = 0, 0.0

    async def consume(self) -> bool:
        """Count one message. Returns whether it is within both limits."""
        return self._count_for_socket() and not (await self._count_for_territory()).is_exceeded

    def _count_for_socket(self) -> bool:
        now = time.monotonic()
        if now >= self._minute_ends:
            self._received, self._minute_ends = 0, now + 60
        self._received += 1
        return self._received <= settings.FEED_MESSAGES_PER_SOCKET

    async def _count_for_territory(self) -> Usage:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_counting, count, "territory", "message", self.territory_id)
