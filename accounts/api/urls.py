"""Where accounts answers under /api/v1."""

urlpatterns: list = []
