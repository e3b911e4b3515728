"""Whether what the product stands on answers, each asked afresh and never waited for longer than a moment."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import redis
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import connection
from redis.backoff import NoBackoff
from redis.retry import Retry

logger = logging.getLogger(__name__)

PATIENCE = 2  # seconds for each
_KEY = "kissanmitra:health"


def failing_parts() -> list[str]:
    """The names of the parts that do not answer now: of database, broker and channel layer."""
    checks = {"database": _ask_database, "broker": _ask_broker, "channel layer": _ask_channel_layer}
    with ThreadPoolExecutor(max_workers=len(checks)) as pool:
        answers = {name: pool.submit(_answers, name, check) for name, check in checks.items()}
    return [name for name, answer in answers.items() if not answer.result()]


def _answers(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception:
        logger.exception("No answer from the %s", name)
        return False
    return True


def _ask_database() -> None:
    # A connection of its own: one that is kept open says nothing about whether a new one can be had.
    own = connection.copy()
    own.settings_dict["OPTIONS"] = own.settings_dict["OPTIONS"] | {
        "connect_timeout": PATIENCE,
        "tcp_user_timeout": PATIENCE * 1000,
    }
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        own.close()


def _ask_broker() -> None:
    # A write: a broker that can be read but takes no task is no broker.
    with redis.Redis.from_url(
        settings.CELERY_BROKER_URL,
        socket_timeout=PATIENCE,
        socket_connect_timeout=PATIENCE,
        retry=Retry(NoBackoff(), 0),
    ) as client:
        client.set(_KEY, "1", ex=60)


def _ask_channel_layer() -> None:
    asyncio.run(asyncio.wait_for(_hear_oneself(), PATIENCE))


async def _hear_oneself() -> None:
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.send(channel, {"type": "health.check"})
    await layer.receive(channel)
