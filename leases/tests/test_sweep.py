"""Test the nightly task that deletes files left behind by killed processes."""

import os
from datetime import timedelta
from importlib import import_module

import pytest
from celery import current_app
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.utils import timezone

from leases.tasks import sweep_orphan_attachments


def write_file(name, *, hours_ago):
    """Store a private file that was last written so many hours ago, and return its name."""
    name = storages["private"].save(name, ContentFile(b"x"))
    then = (timezone.now() - timedelta(hours=hours_ago)).timestamp()
    os.utime(storages["private"].path(name), (then, then))
    return name


def test_old_files_without_a_row_are_deleted(private_files):
    names = [write_file("leases/2024/01/15/a.pdf", hours_ago=25), write_file("leases/2024/01/16/b.pdf", hours_ago=2000)]
    assert sweep_orphan_attachments() == 2
    assert not any(storages["private"].exists(name) for name in names)


def test_files_of_leases_stay(lease):
    name = write_file("leases/2024/01/15/a.pdf", hours_ago=2000)
    lease.attachments.create(name="a.pdf", file=name, content_type="application/pdf", size=1)
    assert sweep_orphan_attachments() == 0
    assert storages["private"].exists(name)


def test_recent_files_stay():
    name = write_file("leases/2024/01/15/a.pdf", hours_ago=23)
    assert sweep_orphan_attachments() == 0
    assert storages["private"].exists(name)


def test_other_private_files_stay():
    name = write_file("reports/a.pdf", hours_ago=2000)
    assert sweep_orphan_attachments() == 0
    assert storages["private"].exists(name)


def test_a_missing_folder_is_accepted(private_files):
    assert not private_files.exists()
    assert sweep_orphan_attachments() == 0


def test_each_folder_costs_one_query(django_assert_num_queries):
    for day in range(1, 4):
        for name in "abc":
            write_file(f"leases/2024/01/{day:02}/{name}.pdf", hours_ago=2000)
    with django_assert_num_queries(3):
        assert sweep_orphan_attachments() == 9


def test_the_task_is_scheduled():
    import_module("kissanmitra.celery")
    tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert sweep_orphan_attachments.name in tasks
    assert sweep_orphan_attachments.name in current_app.tasks


@pytest.fixture(autouse=True)
def _storage(private_files):
    """Give every test a folder of its own."""
