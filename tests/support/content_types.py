"""The numbers of the models, which web servers remember: tables that are emptied between tests give them anew."""

from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

_first_numbers: dict[tuple[str, str], int] = {}
_ASIDE = 1_000_000


def keep_content_types() -> None:
    """Give every model the number that it had when this was first called."""
    numbers = {(app, model): pk for pk, app, model in ContentType.objects.values_list("pk", "app_label", "model")}
    moved = {pk: _first_numbers.setdefault(model, pk) for model, pk in numbers.items()}
    if all(old == new for old, new in moved.items()):
        return
    # First out of the way of one another; what refers to them is compared at the commit.
    with transaction.atomic(), connection.cursor() as cursor:
        for step in ({old: old + _ASIDE for old in moved}, {old + _ASIDE: new for old, new in moved.items()}):
            pairs = [(new, old) for old, new in step.items()]
            cursor.executemany("UPDATE django_content_type SET id = %s WHERE id = %s", pairs)
            cursor.executemany("UPDATE auth_permission SET content_type_id = %s WHERE content_type_id = %s", pairs)
    ContentType.objects.clear_cache()
