"""Admin pages of orders and enquiries."""

from orders.admin import enquiries, orders  # noqa: F401 (they register their pages)
