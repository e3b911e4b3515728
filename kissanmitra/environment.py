"""Reading configuration from the environment (12-factor)."""

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path
from typing import Any

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

_KEY = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool) -> bool:
    value = os.environ.get(name, str(default)).strip().lower()
    if value not in _TRUE | _FALSE:
        raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}.")
    return value in _TRUE


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    try:
        return int(value)
    except ValueError:
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.") from None


def box(name: str, default: str) -> tuple[float, float, float, float]:
    """Return west, south, east and north, in degrees. Raises ImproperlyConfigured unless west < east, south < north."""
    try:
        west, south, east, north = map(float, names(name, default))
    except ValueError:
        west, south, east, north = 0, 0, 0, 0
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ImproperlyConfigured(f"{name} must be west,south,east,north in degrees.")
    return west, south, east, north


def names(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in text(name, default).split(",") if part.strip()]


def keys(name: str) -> list[str]:
    """256-bit keys as 64 hexadecimal digits each, separated by commas; none when not set."""
    found = names(name)
    if not all(map(_KEY.fullmatch, found)):
        raise ImproperlyConfigured(f"{name} must be keys of 64 hexadecimal digits, separated by commas.")
    return found


def required(name: str, why: str) -> str:
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {why}")
    return value


def secret_from_file(path: Path) -> str:
    """A random secret of this installation, made once and kept readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text().strip()


def derived_key(secret: str, purpose: str) -> str:
    """A 256-bit key for one purpose, so that no key serves two."""
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).hexdigest()


def database(url: str, *, options: str) -> dict[str, Any]:
    """Parse a `postgres://user:password@host:port/name?option=value` URL into an entry of Django's DATABASES.

    `options` are command-line options of the server, such as `-c lock_timeout=5000`. Raises ImproperlyConfigured, whose
    text never holds a part of the password.
    """
    if not url.startswith(("postgres://", "postgresql://")):
        raise ImproperlyConfigured("DATABASE_URL must start with postgres://. PostgreSQL is the only engine.")
    try:
        entry = dj_database_url.parse(url)
    except dj_database_url.ParseError:
        raise ImproperlyConfigured("DATABASE_URL is not valid: percent-encode its user name and password.") from None
    return {**entry, "PORT": str(entry["PORT"]), "OPTIONS": {**entry.get("OPTIONS", {}), "options": options}}
