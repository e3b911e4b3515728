"""Check database, broker and channel layer with new connections and short time-outs."""

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

CHECK_TIMEOUT = 2  # seconds for each
_KEY = "kissanmitra:health"


def failing_components() -> list[str]:
    """Return the names of the components that do not respond: database, broker, channel layer."""
    checks = {"database": _check_database, "broker": _check_broker, "channel layer": _check_channel_layer}
    with ThreadPoolExecutor(max_workers=len(checks)) as pool:
        answers = {name: pool.submit(_is_healthy, name, check) for name, check in checks.items()}
    return [name for name, answer in answers.items() if not answer.result()]


def _is_healthy(name: str, check: Callable[[], None]) -> bool:
    try:
        check()
    except Exception:
        logger.exception("No answer from the %s", name)
        return False
    return True


def _check_database() -> None:
    # A new connection: an open one does not prove that another can be established.
    own = connection.copy()
    own.settings_dict["OPTIONS"] = own.settings_dict["OPTIONS"] | {
        "connect_timeout": CHECK_TIMEOUT,
        "tcp_user_timeout": CHECK_TIMEOUT * 1000,
    }
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        own.close()


def _check_broker() -> None:
    # A write: a broker that is read-only accepts no tasks.
    with redis.Redis.from_url(
        settings.CELERY_BROKER_URL,
        socket_timeout=CHECK_TIMEOUT,
        socket_connect_timeout=CHECK_TIMEOUT,
        retry=Retry(NoBackoff(), 0),
    ) as client:
        client.set(_KEY, "1", ex=60)


def _check_channel_layer() -> None:
    asyncio.run(asyncio.wait_for(_send_to_itself(), CHECK_TIMEOUT))


async def _send_to_itself() -> None:
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.send(channel, {"type": "health.check"})
    await layer.receive(channel)
