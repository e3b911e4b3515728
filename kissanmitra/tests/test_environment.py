"""Configuration comes from the environment alone, and production does not start on a guess."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from kissanmitra import environment as env

ROOT = Path(env.__file__).parents[1]
PRODUCTION = {
    "DJANGO_SECRET_KEY": "x" * 64,
    "DATABASE_URL": "postgres://kissan:secret@127.0.0.1:9/none",
    "REDIS_URL": "redis://127.0.0.1:9/0",
}


def check(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """`manage.py check` with nothing but this environment."""
    everything = {"PATH": os.environ["PATH"], "KISSANMITRA_DEMO": "0", **environment}
    command = [sys.executable, "manage.py", "check"]
    return subprocess.run(command, cwd=ROOT, env=everything, capture_output=True, text=True)


@pytest.mark.parametrize("missing", PRODUCTION)
def test_production_does_not_start_without(missing: str) -> None:
    result = check({name: value for name, value in PRODUCTION.items() if name != missing})
    assert result.returncode != 0
    assert f"{missing} is not set." in result.stderr


def test_production_starts_with_all_of_them_and_has_no_fixed_code() -> None:
    show = "from django.conf import settings; print(settings.DEMO, settings.OTP_FIXED_CODE, settings.DEBUG)"
    environment = {"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "kissanmitra.settings", **PRODUCTION}
    result = subprocess.run([sys.executable, "-c", show], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert result.stdout == "False None False\n"


def test_operators_are_told_every_name() -> None:
    names = set(re.findall(r'env\.\w+\(\s*"(\w+)"', (ROOT / "kissanmitra/settings.py").read_text()))
    told = (ROOT / "docs/operations.md").read_text().replace("`_", "`RATE_LIMIT_")
    assert names and {name for name in names if f"`{name}`" not in told} == set()


@pytest.mark.parametrize("scheme", ["mysql", "sqlite", "http"])
def test_postgresql_is_the_only_engine(scheme: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="must start with postgres://"):
        env.database(f"{scheme}://kissan@127.0.0.1/kissan", options="")


def test_a_database_url_may_hold_any_password_and_options() -> None:
    url = "postgres://kissan:p%40ss%2Fword@db.example:5433/kissan?sslmode=require"
    database = env.database(url, options="-c lock_timeout=5000")
    assert database["PASSWORD"] == "p@ss/word"
    assert (database["HOST"], database["PORT"], database["NAME"]) == ("db.example", "5433", "kissan")
    assert database["OPTIONS"] == {"sslmode": "require", "options": "-c lock_timeout=5000"}


@pytest.mark.parametrize("password", ["s3cret#word", "s3cret/word", "s3cret[word"])
def test_a_database_url_with_an_unencoded_password_is_refused_without_repeating_it(password: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="percent-encode its user name and password") as refusal:
        env.database(f"postgres://kissan:{password}@127.0.0.1/kissan", options="")
    assert "s3cret" not in str(refusal.value)


def test_a_database_url_may_name_the_folder_of_a_socket() -> None:
    assert env.database("postgres://kissan@%2Frun%2Fpostgresql/kissan", options="")["HOST"] == "/run/postgresql"


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("TRUE", True), (" yes ", True), ("0", False), ("off", False)]
)
def test_flags_are_read_in_the_usual_spellings(monkeypatch: pytest.MonkeyPatch, text: str, value: bool) -> None:
    monkeypatch.setenv("SOME_FLAG", text)
    assert env.flag("SOME_FLAG", default=not value) is value


def test_a_misspelt_flag_or_number_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_SETTING", "flase")
    with pytest.raises(ImproperlyConfigured, match="SOME_SETTING must be true or false, not 'flase'"):
        env.flag("SOME_SETTING", default=True)
    with pytest.raises(ImproperlyConfigured, match="SOME_SETTING must be a whole number, not 'flase'"):
        env.number("SOME_SETTING", 1)


def test_the_secret_of_an_installation_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "var/secret_key"
    secret = env.secret_from_file(file)
    assert env.secret_from_file(file) == secret and len(secret) > 60
    assert file.stat().st_mode & 0o777 == 0o600


def test_keys_are_256_bits_in_hexadecimal_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOME_KEYS", raising=False)
    assert env.keys("SOME_KEYS") == []
    monkeypatch.setenv("SOME_KEYS", f" {'0a' * 32}, {'1B' * 32} ")
    assert env.keys("SOME_KEYS") == ["0a" * 32, "1B" * 32]
    for wrong in ("0a" * 31, "zz" * 32, f"{'0a' * 32};{'1b' * 32}"):
        monkeypatch.setenv("SOME_KEYS", wrong)
        with pytest.raises(ImproperlyConfigured, match="SOME_KEYS must be keys of 64 hexadecimal digits"):
            env.keys("SOME_KEYS")


def test_a_box_is_read_and_anything_else_is_refused(monkeypatch):
    monkeypatch.setenv("SOME_BOX", " 33.9, -4.8,41.9,5.5")
    assert env.box("SOME_BOX", "") == (33.9, -4.8, 41.9, 5.5)
    for wrong in ("1,2,3", "1,2,3,4,5", "a,b,c,d", "41.9,-4.8,33.9,5.5", "0,5,1,5", "0,0,181,1", "nan,0,1,1"):
        monkeypatch.setenv("SOME_BOX", wrong)
        with pytest.raises(ImproperlyConfigured, match="SOME_BOX must be west,south,east,north in degrees"):
            env.box("SOME_BOX", "0,0,1,1")
