"""Start Celery workers in processes of their own, on the test database."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.programs import Program, environment_of_the_test


@contextmanager
def celery_worker(*queues: str, **environment: str) -> Iterator[Program]:
    """Start a worker for `queues`; `environment` extends that of the tests.

    The test has to commit what the worker is to see: mark it `django_db(transaction=True)`.
    """
    options = ["-Q", ",".join(queues), "-P", "threads", "-c", "4", "-l", "INFO", "--purge"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    worker = Program(
        [sys.executable, "-m", "celery", "-A", "kissanmitra", "worker", *options, *quiet],
        os.environ | environment_of_the_test() | environment,
    )
    try:
        assert worker.wait_for_output("ready.", seconds=90), "\n".join(worker.lines)
        yield worker
    finally:
        worker.stop()
