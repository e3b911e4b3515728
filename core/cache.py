"""Redis as a cache that a request survives losing."""

import time
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

OUTAGE_PAUSE = 2  # seconds without asking again: a frozen Redis must cost one request its time-out, not every one


class SurvivingRedisCache(RedisCache):
    """While Redis is away each process counts for itself; once it is back the common counts go on."""

    _class: Any
    _servers: Any
    _options: Any
    _clients: ClassVar[dict[tuple[str, ...], Any]] = {}

    def __init__(self, server: Any, params: dict[str, Any]):
        super().__init__(server, params)
        self._own = LocMemCache("while redis is away", {})
        self._ask_again_at = 0.0

    def add(self, key: str, value: Any, *args: Any, **options: Any) -> bool:
        return self._either("add", key, value, *args, **options)

    def incr(self, key: str, *args: Any, **options: Any) -> int:
        return self._either("incr", key, *args, **options)

    def get(self, key: str, *args: Any, **options: Any) -> Any:
        return self._either("get", key, *args, **options)

    def clear(self) -> None:
        self._own.clear()
        super().clear()

    @property
    def _cache(self) -> Any:
        # Django makes a cache per thread; the connections behind it are shared by all of them.
        return self._clients.setdefault(tuple(self._servers), self._class(self._servers, **self._options))

    def _either(self, verb: str, *args: Any, **options: Any) -> Any:
        if time.monotonic() >= self._ask_again_at:
            try:
                common: Callable[..., Any] = getattr(super(), verb)
                return common(*args, **options)
            except RedisError:
                self._ask_again_at = time.monotonic() + OUTAGE_PAUSE
        return getattr(self._own, verb)(*args, **options)
