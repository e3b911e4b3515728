"""What asks for exports, and takes their files away again."""

import logging

from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor
from core import pg_notify
from core.correlation import correlation_id
from core.database import advisory_lock
from core.errors import DomainError, Forbidden
from exports.models import Export, Format, private_storage
from exports.policies import NOT_ALLOWED, may_export

logger = logging.getLogger(__name__)

QUEUE = WAKE_UP_CHANNEL = "exports"
AT_ONCE = 3  # exports under way for one person
TOO_MANY = f"{AT_ONCE} exports of yours are still being written. Ask again when one of them is ready."


@transaction.atomic
def ask_for_export(*, by: Actor, list_name: str, filters: str, file_format: Format) -> Export:
    """Have a worker write a list to a file. Raises Forbidden, DomainError while too many are under way."""
    if not may_export(by.user):
        raise Forbidden(NOT_ALLOWED)
    advisory_lock(f"exports of {by.user.pk}")
    if Export.objects.under_way().filter(asked_by=by.user.pk).count() >= AT_ONCE:
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
    """Have workers look for exports once the running transaction has committed."""
    pg_notify.notify(WAKE_UP_CHANNEL, QUEUE)


def delete_expired() -> int:
    """Take away the files that were kept long enough; how many."""
    expired = list(Export.objects.expired(timezone.now()).values_list("pk", "file")[:100])
    # Who dies between the two leaves a file that no row names: the sweep of orphans finds it.
    Export.objects.filter(pk__in=[key for key, _ in expired]).update(state=Export.State.EXPIRED, file="")
    for _, name in expired:
        private_storage().delete(name)
    return len(expired)
