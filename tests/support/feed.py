"""Provide clients of the live feed, and write changes for them to receive."""

import json
import time
import uuid
from contextlib import ExitStack
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from accounts.models import User
from events.models import OrderEvent
from events.services import record_change
from tests.support.clients import actor
from tests.support.server import WebServer

RECEIVE_TIMEOUT = 20  # seconds


class Watcher:
    """Connect to `/ws/orders` and decode the frames."""

    def __init__(
        self,
        server: WebServer,
        query: str = "territory=pune",
        *,
        path: str = "/ws/orders",
        token: str | None = None,
        **options: Any,
    ):
        if token:
            options["additional_headers"] = {"Authorization": f"Bearer {token}"}
        self._exit_stack = ExitStack()
        address = f"{server.ws}{path}?{query}"
        self.socket = self._exit_stack.enter_context(
            connect(address, legacy=False, compression=None, proxy=None, **options)
        )

    @classmethod
    def by_cookie(
        cls, server: WebServer, user: User, *, origin: str | None = "", query: str = "territory=pune"
    ) -> "Watcher":
        """Connect as a page of the back office on which `user` has logged in, or as a page of another `origin`."""
        origin = server.http if origin == "" else origin
        return cls(server, query, additional_headers={"Cookie": _cookie_of(user)}, origin=origin)

    def __enter__(self) -> "Watcher":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._exit_stack.close()

    def send(self, message: str | bytes) -> None:
        self.socket.send(message)

    def frame(self, *, seconds: float = RECEIVE_TIMEOUT) -> dict[str, Any]:
        """Return the next frame. Raises TimeoutError if none comes, ConnectionClosed if the socket is closed."""
        return json.loads(self.socket.recv(timeout=seconds))

    def frame_of(self, kind: str | None, *, seconds: float = RECEIVE_TIMEOUT) -> dict[str, Any]:
        """Return the next frame of this type (None: an error), skipping the others."""
        deadline = time.monotonic() + seconds
        while (frame := self.frame(seconds=max(0, deadline - time.monotonic()))).get("type") != kind:
            pass
        return frame

    def error_code(self, *, seconds: float = RECEIVE_TIMEOUT) -> str:
        """Return the code of the next error frame."""
        return self.frame_of(None, seconds=seconds)["error"]["code"]

    def seqs(self, count: int, *, seconds: float = RECEIVE_TIMEOUT) -> list[int]:
        """Return the numbers of the next `count` changes."""
        return [self.frame_of("status_change", seconds=seconds)["seq"] for _ in range(count)]

    def close_code(self, *, seconds: float = RECEIVE_TIMEOUT) -> int | None:
        """Return the code with which the server closes the socket, skipping the frames before."""
        deadline = time.monotonic() + seconds
        try:
            while True:
                self.frame(seconds=max(0, deadline - time.monotonic()))
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006


def _cookie_of(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


@transaction.atomic
def change(by: User, *, territory_id: str = "pune", **fields: Any) -> OrderEvent:
    """Record one change of status of a new order."""
    values = {"order_id": uuid.uuid4(), "kind": "RENT", "status": "ACCEPTED", "previous": "UNDER_REVIEW"} | fields
    return record_change(**values, by=actor(by), territory_id=territory_id)


def many_changes(by: User, count: int, *, territory_id: str = "pune") -> None:
    """Record `count` changes, a thousand per statement: faster than one by one."""
    insert = (
        "INSERT INTO events_orderevent (id, order_id, order_kind, status, previous_status, changed_by_id, source,"
        " note, correlation_id, territory_id, created_at)"
        " SELECT gen_random_uuid(), gen_random_uuid(), 'RENT', 'ACCEPTED', 'UNDER_REVIEW', %s, 'api', '', '', %s,"
        " now() FROM generate_series(1, %s)"
    )
    with connection.cursor() as cursor:
        for done in range(0, count, 1000):
            cursor.execute(insert, [by.pk, territory_id, min(1000, count - done)])
