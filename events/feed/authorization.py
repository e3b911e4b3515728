"""Letting people in: who knocks while others are being checked is checked together with the next."""

import asyncio

from events.feed import reading
from events.feed.admission import Seat
from events.feed.closings import Closing


class Authorizer:
    """After a restart all clients come back at once: they cost a few questions to the database, not some each."""

    def __init__(self) -> None:
        self._waiting: dict[Seat, asyncio.Future[Closing | None]] = {}
        self._at_work: asyncio.Task[None] | None = None

    async def authorize(self, seat: Seat) -> Closing | None:
        """Why this seat may not be had; None where it may. Raises what the database raises."""
        answer = self._waiting.get(seat) or self._waiting.setdefault(seat, asyncio.Future())
        if self._at_work is None:
            self._at_work = asyncio.create_task(self._work())
        return await asyncio.shield(answer)

    async def _work(self) -> None:
        while self._waiting:
            checked, self._waiting = self._waiting, {}
            try:
                closings = await reading.authorize(checked.keys())
            except Exception as trouble:
                for answer in checked.values():
                    answer.set_exception(trouble)
            else:
                for seat, answer in checked.items():
                    answer.set_result(closings.get(seat))
        self._at_work = None
