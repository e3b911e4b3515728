"""The nightly timer that deletes what a process killed in mid-lease has left behind."""

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


def kept(name, *, hours_ago):
    """A file in the private storage, last written so many hours ago."""
    name = storages["private"].save(name, ContentFile(b"x"))
    then = (timezone.now() - timedelta(hours=hours_ago)).timestamp()
    os.utime(storages["private"].path(name), (then, then))
    return name


def test_old_files_that_no_lease_names_are_swept(private_files):
    names = [kept("leases/2024/01/15/a.pdf", hours_ago=25), kept("leases/2024/01/16/b.pdf", hours_ago=2000)]
    assert sweep_orphan_attachments() == 2
    assert not any(storages["private"].exists(name) for name in names)


def test_files_of_leases_stay(lease):
    name = kept("leases/2024/01/15/a.pdf", hours_ago=2000)
    lease.attachments.create(name="a.pdf", file=name, content_type="application/pdf", size=1)
    assert sweep_orphan_attachments() == 0
    assert storages["private"].exists(name)


def test_files_of_a_lease_that_is_just_being_signed_stay():
    name = kept("leases/2024/01/15/a.pdf", hours_ago=23)
    assert sweep_orphan_attachments() == 0
    assert storages["private"].exists(name)


def test_other_private_files_are_none_of_its_business():
    name = kept("reports/a.pdf", hours_ago=2000)
    assert sweep_orphan_attachments() == 0
    assert storages["private"].exists(name)


def test_there_may_be_no_folder_yet(private_files):
    assert not private_files.exists()
    assert sweep_orphan_attachments() == 0


def test_each_folder_costs_one_query(django_assert_num_queries):
    for day in range(1, 4):
        for name in "abc":
            kept(f"leases/2024/01/{day:02}/{name}.pdf", hours_ago=2000)
    with django_assert_num_queries(3):
        assert sweep_orphan_attachments() == 9


def test_the_clock_knows_the_task():
    import_module("kissanmitra.celery")
    tasks = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert sweep_orphan_attachments.name in tasks
    assert sweep_orphan_attachments.name in current_app.tasks


@pytest.fixture(autouse=True)
def _storage(private_files):
    """Every test here works in a folder of its own."""
