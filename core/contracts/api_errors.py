"""Convert any exception to an `ApiError`, which each contract renders in its own envelope."""

import logging
from dataclasses import dataclass
from typing import Any

import psycopg.errors
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404
from rest_framework import exceptions as drf

from core import errors

logger = logging.getLogger(__name__)

BUSY_RETRY_AFTER = 2  # seconds
_LOCK_WAITS = (psycopg.errors.LockNotAvailable, psycopg.errors.QueryCanceled, psycopg.errors.DeadlockDetected)


@dataclass(frozen=True)
class ApiError:
    """Describe a failed request: HTTP status, reason, and messages per field for an invalid body."""

    status: int
    reason: str = ""
    fields: dict[str, list[str]] | None = None
    retry_after: int | None = None  # seconds
    is_malformed: bool = False
    cause: Exception | None = None

    @property
    def headers(self) -> dict[str, str]:
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return headers | ({"WWW-Authenticate": "Bearer"} if self.status == 401 else {})


def api_error_from(error: Exception) -> ApiError:
    """Convert an exception; an unexpected one is logged and becomes a 500 without details."""
    if isinstance(error, errors.DomainError):
        return _from_domain_error(error)
    if isinstance(error, drf.APIException):
        return _from_api_exception(error)
    if isinstance(error, Http404):
        return ApiError(404, cause=error)
    if isinstance(error, PermissionDenied):
        return ApiError(403, cause=error)
    if isinstance(error, RequestDataTooBig):
        return ApiError(413, "Request body is too large")
    if isinstance(error, SuspiciousOperation):
        return ApiError(400, "Malformed request", is_malformed=True)
    if isinstance(error, OperationalError | InterfaceError):
        return _from_database_error(error)
    logger.error("Unforeseen error", exc_info=error)
    return ApiError(500, cause=error)


def _from_domain_error(error: errors.DomainError) -> ApiError:
    match error:
        case errors.Invalid():
            return ApiError(400, fields={name: [reason] for name, reason in error.fields.items()}, cause=error)
        case errors.TooManyRequests():
            return ApiError(429, str(error), retry_after=error.retry_after, cause=error)
    statuses = {
        errors.Unauthenticated: 401,
        errors.Forbidden: 403,
        errors.NotFound: 404,
        errors.TooLarge: 413,
        errors.UnsupportedMedia: 415,
    }
    status = next((number for kind, number in statuses.items() if isinstance(error, kind)), 400)
    return ApiError(status, str(error), cause=error)


def _from_api_exception(error: drf.APIException) -> ApiError:
    match error:
        case drf.ValidationError():
            return ApiError(400, fields=flat_messages(error.detail), cause=error)
        case drf.ParseError():
            return ApiError(400, str(error.detail), is_malformed=True, cause=error)
        case drf.NotAuthenticated() | drf.AuthenticationFailed():
            return ApiError(401, cause=error)
        case drf.PermissionDenied():
            # The contracts' own sentences are more precise than DRF's.
            detail = str(error.detail)
            return ApiError(403, "" if detail == drf.PermissionDenied.default_detail else detail, cause=error)
        case drf.NotFound():
            return ApiError(404, cause=error)
        case drf.Throttled():
            return ApiError(429, "Too many requests", retry_after=int(getattr(error, "wait", None) or 1), cause=error)
    return ApiError(error.status_code, str(error.detail), cause=error)


def _from_database_error(error: Exception) -> ApiError:
    if isinstance(error.__cause__, _LOCK_WAITS):
        return ApiError(503, "Busy, please try again", retry_after=BUSY_RETRY_AFTER, cause=error)
    logger.error("Database is out of reach", exc_info=error)
    return ApiError(503, "Please try again later", retry_after=BUSY_RETRY_AFTER, cause=error)


def flat_messages(detail: Any, prefix: str = "") -> dict[str, list[str]]:
    """Flatten DRF's nested messages to `address.pinCode`, `operators[0].role`, ... -> messages, in form order."""
    if isinstance(detail, dict):
        flat: dict[str, list[str]] = {}
        for name, inner in detail.items():
            flat |= flat_messages(inner, prefix if name == "non_field_errors" else _joined(prefix, name))
        return flat
    if isinstance(detail, list) and any(isinstance(item, dict | list) for item in detail):
        flat = {}
        for index, inner in enumerate(detail):
            flat |= flat_messages(inner, f"{prefix}[{index}]") if inner else {}
        return flat
    messages = detail if isinstance(detail, list) else [detail]
    return {prefix or "body": [str(message) for message in messages]}


def _joined(prefix: str, name: str | int) -> str:
    if isinstance(name, int):  # an index of a list with some invalid items
        return f"{prefix}[{name}]"
    return f"{prefix}.{name}" if prefix else name
