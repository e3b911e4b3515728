"""Move exports through their job states: claimed by a worker, extended, retried, released, finished."""

import logging
import uuid
from datetime import timedelta
from typing import IO, Any

from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from exports.choices import State
from exports.models import FOLDER, Export, private_storage
from exports.queries import ExportQuerySet

logger = logging.getLogger(__name__)

CLAIM_TIME = timedelta(minutes=3)  # longer than any step between two reports of progress can take
MAX_TRIES = 3
RETRY_DELAY = timedelta(seconds=10)  # after an interrupted try
FILE_LIFETIME = timedelta(days=1)
INTERRUPTED = (
    "The export was interrupted three times. Narrow the filters and export again; "
    "if it fails again, tell the server's administrator."
)


class LeaseLost(Exception):
    """Raised when another worker has claimed the export, or it has ended."""


@transaction.atomic
def claim_next() -> Export | None:
    """Claim the next due export for CLAIM_TIME, exclusively. Return None if none is due."""
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
    """Record progress and extend the claim by CLAIM_TIME. Raises LeaseLost."""
    if not _claimed(export).update(claimed_until=timezone.now() + CLAIM_TIME, **progress):
        raise LeaseLost


def finish(export: Export, file: IO[bytes], rows: int) -> None:
    """Store the file for the requester. Raises LeaseLost."""
    now = timezone.now()
    name = private_storage().save(f"{FOLDER}/{now:%Y/%m/%d}/{uuid.uuid4()}.{export.format}", File(file))
    stored = {"file": name, "rows_done": rows, "rows_total": rows, "expires_at": now + FILE_LIFETIME}
    if not _end_try(export, State.READY, finished_at=now, **stored):
        private_storage().delete(name)
        raise LeaseLost


def fail(export: Export, reason: str) -> None:
    """End the export as FAILED with a reason for the requester."""
    _end_try(export, State.FAILED, error=reason[:500], finished_at=timezone.now())


def retry_later(export: Export) -> None:
    """Schedule another try after RETRY_DELAY, or fail the export after MAX_TRIES."""
    if export.tries >= MAX_TRIES:
        fail(export, INTERRUPTED)
    else:
        _end_try(export, State.PENDING, next_try_at=timezone.now() + RETRY_DELAY)


def release(export: Export) -> None:
    """Return a claimed export to the queue at once, without counting the try: the worker is stopping."""
    _end_try(export, State.PENDING, next_try_at=timezone.now(), tries=F("tries") - 1)


def fail_abandoned() -> int:
    """Fail exports whose last permitted try lost its worker. Return their number."""
    now = timezone.now()
    lapsed = Export.objects.filter(state=State.RUNNING, claimed_until__lt=now, tries__gte=MAX_TRIES)
    count = lapsed.update(state=State.FAILED, error=INTERRUPTED, finished_at=now, claimed_until=None)
    if count:
        logger.error("Failed %s exports: the worker died in every try", count)
    return count


def _claimed(export: Export) -> ExportQuerySet:
    """Filter to the row while this try holds it: a later claim has a higher `tries`."""
    return Export.objects.filter(pk=export.pk, state=State.RUNNING, tries=export.tries)


def _end_try(export: Export, state: str, **fields: Any) -> int:
    changed = _claimed(export).update(state=state, claimed_until=None, **fields)
    if changed:
        logger.info("Export %s of %s: %s", export.pk, export.list_name, state)
    else:
        logger.warning("Export %s of %s: %s ignored, the claim was lost", export.pk, export.list_name, state)
    return changed
