"""How much clients may say: per socket, and per territory across all processes."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings

from core.limits import Usage, count

_counting = ThreadPoolExecutor(1, "feed-limits")  # Redis may take its time


class Allowance:
    """What one socket may still say. What it says beyond its own limit is not counted against its territory."""

    def __init__(self, territory_id: str):
        self.territory_id, self.said, self.minute_ends = territory_id, 0, 0.0

    async def take(self) -> bool:
        """Whether one more message is within both limits."""
        return self._take_here() and not (await self._take_everywhere()).is_exceeded

    def _take_here(self) -> bool:
        now = time.monotonic()
        if now >= self.minute_ends:
            self.said, self.minute_ends = 0, now + 60
        self.said += 1
        return self.said <= settings.FEED_MESSAGES_PER_SOCKET

    async def _take_everywhere(self) -> Usage:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(_counting, count, "territory", "message", self.territory_id)
