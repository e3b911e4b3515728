"""Settings of the tests: production's, with servers of their own and nothing from the developer's environment.

TEST_DATABASE_URL and TEST_REDIS_URL name other servers, where the embedded ones cannot run.
"""

import fcntl
import os
import re
import shutil
from pathlib import Path

from devservers import database_url, redis_url
from kissanmitra import environment

TEST_VAR = Path(__file__).resolve().parent.parent / "var/test"


def _number_of_this_run() -> int:
    """The first number no other process of this folder tests under: runs at the same time never meet."""
    TEST_VAR.mkdir(parents=True, exist_ok=True)
    for number in range(256):  # Valkey's databases
        lock = os.open(TEST_VAR / f"run-{number}.lock", os.O_CREAT | os.O_RDWR)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # until this process ends
            return number
        except BlockingIOError:
            os.close(lock)
    raise RuntimeError("256 test runs at once are enough.")


def _forget_the_developers_environment() -> None:
    settings = Path(environment.__file__).with_name("settings.py").read_text()
    for name in re.findall(r'env\.\w+\(\s*"(\w+)"', settings):
        os.environ.pop(name, None)


RUN = _number_of_this_run()
RUN_VAR = TEST_VAR / f"run-{RUN}"
shutil.rmtree(RUN_VAR, ignore_errors=True)
_database = os.environ.get("TEST_DATABASE_URL") or database_url(TEST_VAR, durable=False)
_redis = os.environ.get("TEST_REDIS_URL") or redis_url(TEST_VAR, durable=False)
_forget_the_developers_environment()
os.environ |= {
    "KISSANMITRA_DEMO": "0",
    "KISSANMITRA_VAR": str(RUN_VAR),
    "DJANGO_SECRET_KEY": "a-key-for-tests-that-guards-nothing-and-is-long-enough",
    "DJANGO_ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "DJANGO_HTTPS": "0",
    "STAFF_TOTP_REQUIRED": "0",
    "DATABASE_URL": _database,
    "REDIS_URL": f"{_redis.rsplit('/', 1)[0]}/{RUN}",
}

from kissanmitra.settings import *  # noqa: E402, F403
from kissanmitra.settings import CHANNEL_LAYERS, DATABASES, STORAGES  # noqa: E402

DATABASES["default"]["TEST"] = {"NAME": f"test_kissanmitra_{RUN}"}
CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = f"test-{RUN}"  # pub/sub knows no database numbers
STORAGES["staticfiles"] = {"BACKEND": "core.static_files.HashedWhereCollected"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
