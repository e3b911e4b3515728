"""Orders in the back office."""

from orders.admin import intents, orders  # noqa: F401 (they register their pages)
