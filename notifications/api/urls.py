"""Where notifications answers under /api/v1."""

urlpatterns: list = []
