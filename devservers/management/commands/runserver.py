"""`manage.py runserver` with WebSockets."""

import socket
from typing import Any

import uvicorn
from channels.routing import get_default_application
from django.core.management.commands.runserver import Command as RunserverCommand


class UvicornServer:
    """Serve an ASGI application by uvicorn. Has the methods of WSGIServer that `runserver` calls."""

    def __init__(self, address: tuple[str, int], _handler_class: type, *, ipv6: bool = False) -> None:
        self.socket = socket.create_server(address, family=socket.AF_INET6 if ipv6 else socket.AF_INET)
        self.server_port = self.socket.getsockname()[1]

    def set_app(self, application: Any) -> None:
        # Without a logging configuration of its own it logs requests as the project does.
        self.server = uvicorn.Server(uvicorn.Config(application, lifespan="off", log_config=None))

    def serve_forever(self) -> None:
        self.server.run(sockets=[self.socket])


class Command(RunserverCommand):
    help = "Starts a development server for HTTP and WebSockets, which restarts when the code changes."
    server_cls = UvicornServer  # type: ignore[assignment]

    def get_handler(self, *_args: Any, **_options: Any) -> Any:
        """Return the ASGI application. Static files need no handler: WhiteNoise serves them."""
        return get_default_application()
