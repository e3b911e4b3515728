"""Serve static files under content-hashed names, so that browsers can cache them for ever."""

from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedWhereCollected(ManifestStaticFilesStorage):
    """Fall back to unhashed names where `collectstatic` has not run, as in the demo and the tests."""

    def stored_name(self, name: str) -> Any:
        return super().stored_name(name) if self.hashed_files else name
