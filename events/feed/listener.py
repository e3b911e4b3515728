"""Hearing PostgreSQL announce new events, on a connection of its own."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import NoReturn

import psycopg

from core.database import listen_connection_params

logger = logging.getLogger(__name__)

CHANNEL = "order_events"  # see the migration "numbered, announced and immutable"
LONGEST_PAUSE = 15  # seconds between two attempts


async def listen(heard: Callable[[str, int], None], connected: Callable[[], Awaitable[None]]) -> NoReturn:
    """Call `heard(territory, seq)` for every event that was committed, `connected` whenever some may have been missed.

    Needs a session of its own: no transaction pooler in between.
    """
    pause = 1
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(
                **listen_connection_params(), autocommit=True
            ) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                pause = 1
                await connected()
                async for notice in connection.notifies():
                    territory_id, seq = notice.payload.rsplit(" ", 1)
                    heard(territory_id, int(seq))
        except Exception as trouble:  # whatever it is: the hub goes on looking, and we try again
            logger.warning("Not hearing of new events, looking for them instead: %s", type(trouble).__name__)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
