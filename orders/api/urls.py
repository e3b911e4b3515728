"""Where orders answers under /api/v1."""

urlpatterns: list = []
