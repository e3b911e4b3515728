"""Where leases answers under /api/v1."""

urlpatterns: list = []
