"""Authorize new sockets in batches: requests that arrive during a check are checked together in the next one."""

import asyncio

from events.feed import reading
from events.feed.close_codes import CloseReason
from events.feed.permissions import Subscription


class Authorizer:
    """Batch the checks. When all clients reconnect after a restart, they cost a few queries in all, not some each."""

    def __init__(self) -> None:
        self._waiting: dict[Subscription, asyncio.Future[CloseReason | None]] = {}
        self._worker: asyncio.Task[None] | None = None

    async def authorize(self, subscription: Subscription) -> CloseReason | None:
        """Return why this subscription is refused, None if it is allowed. Raises the errors of the database."""
        result = self._waiting.get(subscription) or self._waiting.setdefault(subscription, asyncio.Future())
        if self._worker is None:
            self._worker = asyncio.create_task(self._run())
        return await asyncio.shield(result)

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, {}
            try:
                refused = await reading.authorize(batch.keys())
            except Exception as error:
                for result in batch.values():
                    result.set_exception(error)
            else:
                for subscription, result in batch.items():
                    result.set_result(refused.get(subscription))
        self._worker = None
