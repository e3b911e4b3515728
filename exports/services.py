"""Request exports and delete expired files."""

import logging

from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor
from core import pg_notify
from core.correlation import correlation_id
from core.database import advisory_lock
from core.errors import DomainError, Forbidden
from exports.choices import Format, State
from exports.models import Export, private_storage
from exports.policies import NOT_ALLOWED, may_export

logger = logging.getLogger(__name__)

QUEUE = WAKE_UP_CHANNEL = "exports"
MAX_RUNNING_PER_USER = 3
TOO_MANY = f"{MAX_RUNNING_PER_USER} exports of yours are still being written. Ask again when one of them is ready."


@transaction.atomic
def request_export(*, by: Actor, list_name: str, filters: str, file_format: Format) -> Export:
    """Queue the export of a list. Raises Forbidden; DomainError if the user has too many running exports."""
    if not may_export(by.user):
        raise Forbidden(NOT_ALLOWED)
    advisory_lock(f"exports of {by.user.pk}")
    if Export.objects.unfinished().filter(asked_by=by.user.pk).count() >= MAX_RUNNING_PER_USER:
        raise DomainError(TOO_MANY)
    export = Export.objects.create(
        asked_by_id=by.user.pk,
        list_name=list_name,
        filters=filters,
        format=file_format,
        correlation_id=correlation_id(),
    )
    wake_workers()
    return export


def wake_workers() -> None:
    """Notify workers of new exports after the running transaction commits."""
    pg_notify.notify(WAKE_UP_CHANNEL, QUEUE)


def delete_expired() -> int:
    """Delete up to 100 expired files. Return their number."""
    expired = list(Export.objects.expired(timezone.now()).values_list("pk", "file")[:100])
    # A crash in between leaves a file without a row, which the orphan sweep deletes.
    Export.objects.filter(pk__in=[key for key, _ in expired]).update(state=State.EXPIRED, file="")
    for _, name in expired:
        private_storage().delete(name)
    return len(expired)
