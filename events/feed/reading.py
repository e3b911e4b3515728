"""The feed's way to the database: a few threads of their own, so that sockets never use up its connections."""

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial

from channels.db import database_sync_to_async

from events.feed import admission, frames
from events.queries import feed_after, newest_seq, newest_seqs

BLOCKS = 16  # remembered of a territory's past, about 64 KiB each

# Each thread keeps one connection. Knocking at the door never delays what is said inside, nor the leaving of it.
_door = ThreadPoolExecutor(1, "feed-door")
_inside = ThreadPoolExecutor(2, "feed-inside")


def _frames_after(territory_id: str, seq: int, limit: int) -> list[str]:
    said = ("order_id", "order_kind", "status", "previous_status", "territory_id", "seq", "created_at")
    return [frames.status_change(event) for event in feed_after(territory_id, seq, limit=limit).only(*said)]


def _newest_frames(territory_id: str, limit: int) -> tuple[int, list[str]]:
    """The number of the newest event, and the frames of the last `limit` up to it."""
    newest = newest_seq(territory_id)
    first = max(0, newest - limit)
    return newest, _frames_after(territory_id, first, newest - first)


def past_of(territory_id: str, size: int) -> Callable[[int], Awaitable[list[str]]]:
    """`await past(seq)` reads the `size` frames that follow number `seq`, and remembers them: history stays.

    Those who have been away for long come back together, and want the same.
    """
    read = lru_cache(BLOCKS)(partial(_frames_after, territory_id, limit=size))
    return database_sync_to_async(read, thread_sensitive=False, executor=_inside)


authorize = database_sync_to_async(admission.refusals, thread_sensitive=False, executor=_door)
check = database_sync_to_async(admission.refusals, thread_sensitive=False, executor=_inside)
frames_after = database_sync_to_async(_frames_after, thread_sensitive=False, executor=_inside)
newest_frames = database_sync_to_async(_newest_frames, thread_sensitive=False, executor=_inside)
newest_of = database_sync_to_async(newest_seqs, thread_sensitive=False, executor=_inside)
