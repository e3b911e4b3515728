"""Exports on their way: claimed by a worker, kept in hand, put back, finished."""

import logging
import uuid
from datetime import timedelta
from typing import IO, Any

from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from exports.models import FOLDER, Export, private_storage
from exports.queries import ExportQuerySet

logger = logging.getLogger(__name__)

State = Export.State
CLAIM_TIME = timedelta(minutes=3)  # longer than any step between two reports of progress can take
MAX_TRIES = 3
PAUSE = timedelta(seconds=10)  # after a try that broke off
KEPT = timedelta(days=1)
BROKE_OFF = (
    "It broke off three times and was given up. Narrow the filters and export again; "
    "if that breaks off too, tell whoever runs the server."
)


class NotOurs(Exception):
    """Another worker has the export, or it is over."""


@transaction.atomic
def claim_next() -> Export | None:
    """Take the next export in hand for CLAIM_TIME; no other worker gets it meanwhile."""
    due = Export.objects.due(timezone.now()).filter(tries__lt=MAX_TRIES)
    export = due.select_for_update(skip_locked=True, no_key=True, of=("self",)).first()
    if export is not None:
        export.state, export.tries = State.RUNNING, export.tries + 1
        export.rows_done, export.rows_total = 0, None
        export.claimed_until = timezone.now() + CLAIM_TIME
        export.save()
        logger.info("Export %s of %s: %s", export.pk, export.list_name, export.state)
    return export


def report(export: Export, **progress: int) -> None:
    """Say how far it is, and keep it in hand for another CLAIM_TIME. Raises NotOurs."""
    if not _ours(export).update(claimed_until=timezone.now() + CLAIM_TIME, **progress):
        raise NotOurs


def finish(export: Export, file: IO[bytes], rows: int) -> None:
    """Keep the file for whoever asked. Raises NotOurs."""
    now = timezone.now()
    name = private_storage().save(f"{FOLDER}/{now:%Y/%m/%d}/{uuid.uuid4()}.{export.format}", File(file))
    kept = {"file": name, "rows_done": rows, "rows_total": rows, "expires_at": now + KEPT}
    if not _leave(export, State.READY, finished_at=now, **kept):
        private_storage().delete(name)
        raise NotOurs


def fail(export: Export, reason: str) -> None:
    """Close what cannot be written, saying why."""
    _leave(export, State.FAILED, error=reason[:500], finished_at=timezone.now())


def put_back(export: Export) -> None:
    """After a try that broke off: try again soon, unless that was the last one."""
    if export.tries >= MAX_TRIES:
        fail(export, BROKE_OFF)
    else:
        _leave(export, State.PENDING, next_try_at=timezone.now() + PAUSE)


def hand_over(export: Export) -> None:
    """The worker stops: another one may begin at once, and this try does not count."""
    _leave(export, State.PENDING, next_try_at=timezone.now(), tries=F("tries") - 1)


def give_up() -> int:
    """Close what took its last worker with it; how many."""
    now = timezone.now()
    lapsed = Export.objects.filter(state=State.RUNNING, claimed_until__lt=now, tries__gte=MAX_TRIES)
    count = lapsed.update(state=State.FAILED, error=BROKE_OFF, finished_at=now, claimed_until=None)
    if count:
        logger.error("Gave up %s exports: each of their workers died", count)
    return count


def _ours(export: Export) -> ExportQuerySet:
    """The row, while it is in our hand: who takes it up later counts one more try."""
    return Export.objects.filter(pk=export.pk, state=State.RUNNING, tries=export.tries)


def _leave(export: Export, state: str, **fields: Any) -> int:
    changed = _ours(export).update(state=state, claimed_until=None, **fields)
    if changed:
        logger.info("Export %s of %s: %s", export.pk, export.list_name, state)
    else:
        logger.warning("Export %s of %s: %s comes too late", export.pk, export.list_name, state)
    return changed
