"""The feed's way to the database: a few threads of their own, so that sockets never use up its connections."""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor

from channels.db import database_sync_to_async

from events.feed import admission, frames
from events.models import OrderEvent
from events.queries import feed_after, newest_seq, newest_seqs

# Each thread keeps one connection. Knocking at the door never delays what is said inside, nor the leaving of it.
_door = ThreadPoolExecutor(1, "feed-door")
_inside = ThreadPoolExecutor(2, "feed-inside")


def _frames_after(territory_id: str, seq: int, limit: int) -> list[str]:
    return [frames.status_change(event) for event in _spoken_of(territory_id, seq, limit)]


def _spoken_of(territory_id: str, seq: int, limit: int) -> Collection[OrderEvent]:
    return feed_after(territory_id, seq, limit=limit).only(
        "order_id", "order_kind", "status", "previous_status", "territory_id", "seq", "created_at"
    )


def _newest_frames(territory_id: str, limit: int) -> tuple[int, list[str]]:
    """The number of the newest event, and the frames of the last `limit` up to it."""
    newest = newest_seq(territory_id)
    last = list(_spoken_of(territory_id, newest - limit, limit))
    return newest, [frames.status_change(event) for event in last if event.seq <= newest]


knock = database_sync_to_async(admission.refusals, thread_sensitive=False, executor=_door)
check = database_sync_to_async(admission.refusals, thread_sensitive=False, executor=_inside)
frames_after = database_sync_to_async(_frames_after, thread_sensitive=False, executor=_inside)
newest_frames = database_sync_to_async(_newest_frames, thread_sensitive=False, executor=_inside)
newest_of = database_sync_to_async(newest_seqs, thread_sensitive=False, executor=_inside)
