"""HTTP and WebSockets on one port.

HTTP goes to Django over WSGI: synchronous views run several times faster there than over ASGI, and keep their
database connections.
"""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kissanmitra.settings")

from a2wsgi import WSGIMiddleware
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings

from kissanmitra.wsgi import application as http_application  # sets Django up: before whatever has models

# isort: split
from events.feed.routing import websocket_urlpatterns

application = ProtocolTypeRouter(
    {
        "http": WSGIMiddleware(http_application, workers=settings.WEB_THREADS),  # type: ignore[arg-type]
        "websocket": URLRouter(websocket_urlpatterns),
    }
)
