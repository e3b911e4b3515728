"""Read the database in a few threads of the feed's own, so that sockets never use up its connections."""

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial

from channels.db import database_sync_to_async

from events.feed import frames, permissions
from events.queries import feed_after, newest_seq, newest_seqs

CACHED_BLOCKS = 16  # of each territory's past, about 64 KiB each

# Each thread keeps one connection. Authorizing new sockets never delays the delivery to open ones, nor their closing.
_authorizing = ThreadPoolExecutor(1, "feed-authorizing")
_delivering = ThreadPoolExecutor(2, "feed-delivering")


def _frames_after(territory_id: str, seq: int, limit: int) -> list[str]:
    fields = ("order_id", "order_kind", "status", "previous_status", "territory_id", "seq", "created_at")
    return [frames.status_change(event) for event in feed_after(territory_id, seq, limit=limit).only(*fields)]


def _newest_frames(territory_id: str, limit: int) -> tuple[int, list[str]]:
    """Return the number of the newest event, and the frames of the last `limit` events up to it."""
    newest = newest_seq(territory_id)
    first = max(0, newest - limit)
    return newest, _frames_after(territory_id, first, newest - first)


def block_reader(territory_id: str, size: int) -> Callable[[int], Awaitable[list[str]]]:
    """Return a function: `await read(seq)` returns the `size` frames after number `seq`, from a cache if possible.

    Clients that were away for long come back together and want the same blocks; history does not change.
    """
    read = lru_cache(CACHED_BLOCKS)(partial(_frames_after, territory_id, limit=size))
    return database_sync_to_async(read, thread_sensitive=False, executor=_delivering)


authorize = database_sync_to_async(permissions.find_refused, thread_sensitive=False, executor=_authorizing)
check = database_sync_to_async(permissions.find_refused, thread_sensitive=False, executor=_delivering)
frames_after = database_sync_to_async(_frames_after, thread_sensitive=False, executor=_delivering)
newest_frames = database_sync_to_async(_newest_frames, thread_sensitive=False, executor=_delivering)
newest_of = database_sync_to_async(newest_seqs, thread_sensitive=False, executor=_delivering)
