"""Admin pages of service orders: search, details, and decisions of those who verify in the territory."""

from service_orders.admin.orders import ServiceOrderAdmin

__all__ = ["ServiceOrderAdmin"]
