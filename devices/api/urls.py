"""Where devices answers under /api/v1."""

urlpatterns: list = []
