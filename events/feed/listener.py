"""Listen to PostgreSQL for new events, on a connection of its own."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import NoReturn

import psycopg

from core.database import listen_connection_params

logger = logging.getLogger(__name__)

CHANNEL = "order_events"  # see the migration "numbered, announced and immutable"
MAX_RETRY_SECONDS = 15


async def listen(on_event: Callable[[str, int], None], on_connect: Callable[[], Awaitable[None]]) -> NoReturn:
    """Call `on_event(territory_id, seq)` for every committed event, `on_connect()` when some may have been missed.

    Needs a session of its own: a transaction pooler in between loses notifications.
    """
    pause = 1
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(
                **listen_connection_params(), autocommit=True
            ) as connection:
                await connection.execute(f"LISTEN {CHANNEL}")
                pause = 1
                await on_connect()
                async for notification in connection.notifies():
                    territory_id, seq = notification.payload.rsplit(" ", 1)
                    on_event(territory_id, int(seq))
        except Exception as error:  # of any kind: the hub polls meanwhile, and the connection is tried again
            logger.warning("Cannot listen for new events, polling instead: %s", type(error).__name__)
        await asyncio.sleep(pause)
        pause = min(pause * 2, MAX_RETRY_SECONDS)
