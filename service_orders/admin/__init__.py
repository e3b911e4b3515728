"""Service orders in the back office: found, read, and decided by those who verify in their territory."""

from service_orders.admin.orders import ServiceOrderAdmin

__all__ = ["ServiceOrderAdmin"]
