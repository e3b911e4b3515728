"""A real Celery worker process, from the press of the button to the file."""

from zipfile import ZipFile

import pytest
from django.db import connection
from django.utils import timezone

from exports.choices import State
from exports.models import Export
from exports.runner import run_due
from notifications.models import SmsMessage
from notifications.tests.messages import tell
from tests.support.programs import Program
from tests.support.worker import celery_worker

pytestmark = pytest.mark.django_db(transaction=True)

SMS = "/admin/notifications/smsmessage/"
MANY = 20_000


@pytest.fixture
def texts(asha):
    """Create many SMS messages with one statement."""
    tell(asha, "Text 1")
    made = {"id": "gen_random_uuid()", "dedupe_key": "n::text", "text": "'Text ' || n", "status": "'SENT'"}
    columns = [field.column for field in SmsMessage._meta.fields]
    values = ", ".join(made.get(column, f'"{column}"') for column in columns)
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        rows = f"SELECT {values} FROM notifications_smsmessage, generate_series(2, {MANY}) AS n"
        cursor.execute(f"INSERT INTO notifications_smsmessage ({names}) {rows}")


def ask(admin_client, file_format):
    admin_client.post(f"{SMS}export/", {"format": file_format})
    return Export.objects.latest("created_at")


def wait_until(worker: Program, export: Export, state: str) -> Export:
    assert worker.wait_for_output(f"Export {export.pk} of notifications.smsmessage: {state}", seconds=60), worker.lines
    export.refresh_from_db()
    return export


def test_a_worker_writes_long_lists_and_what_a_killed_one_leaves_is_finished_by_another(admin_client, texts):
    with celery_worker("exports") as worker:
        as_csv = wait_until(worker, ask(admin_client, "csv"), State.READY)
        for_excel = wait_until(worker, ask(admin_client, "xlsx"), State.RUNNING)
        worker.kill()
    with as_csv.file.open() as file:
        assert file.read().count(b",Text ") == MANY

    for_excel.refresh_from_db()
    assert (for_excel.state, for_excel.tries) == (State.RUNNING, 1)
    assert run_due() == 0  # as long as the dead one may be alive
    Export.objects.filter(pk=for_excel.pk).update(claimed_until=timezone.now())
    assert run_due() == 1
    for_excel.refresh_from_db()
    assert (for_excel.state, for_excel.tries, for_excel.rows_done) == (State.READY, 2, MANY)
    with for_excel.file.open() as file, ZipFile(file) as book:
        assert book.read("xl/worksheets/sheet1.xml").count(b">Text ") == MANY


def test_the_beat_schedule_contains_the_sweep(settings):
    entry = next(each for each in settings.CELERY_BEAT_SCHEDULE.values() if each["task"] == "exports.sweep")
    assert entry["options"] == {"queue": "exports", "expires": entry["schedule"]}
