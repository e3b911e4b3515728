"""Provide a Redis cache whose outage does not fail requests."""

import time
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

RETRY_DELAY = 2  # seconds: a frozen Redis must delay one request by its time-out, not every one


class FailSafeRedisCache(RedisCache):
    """Fall back to a cache per process during a Redis outage, and return to the shared one afterwards."""

    _class: Any
    _servers: Any
    _options: Any
    _clients: ClassVar[dict[tuple[str, ...], Any]] = {}

    def __init__(self, server: Any, params: dict[str, Any]):
        super().__init__(server, params)
        self._local = LocMemCache("redis outage", {})
        self._retry_at = 0.0

    def add(self, key: str, value: Any, *args: Any, **options: Any) -> bool:
        return self._with_fallback("add", key, value, *args, **options)

    def incr(self, key: str, *args: Any, **options: Any) -> int:
        return self._with_fallback("incr", key, *args, **options)

    def get(self, key: str, *args: Any, **options: Any) -> Any:
        return self._with_fallback("get", key, *args, **options)

    def clear(self) -> None:
        self._local.clear()
        super().clear()

    @property
    def _cache(self) -> Any:
        # Django creates a cache per thread; all of them share these connections.
        return self._clients.setdefault(tuple(self._servers), self._class(self._servers, **self._options))

    def _with_fallback(self, verb: str, *args: Any, **options: Any) -> Any:
        if time.monotonic() >= self._retry_at:
            try:
                shared: Callable[..., Any] = getattr(super(), verb)
                return shared(*args, **options)
            except RedisError:
                self._retry_at = time.monotonic() + RETRY_DELAY
        return getattr(self._local, verb)(*args, **options)
