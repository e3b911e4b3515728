"""Static files under names that change with their content, so that browsers keep them for ever."""

from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage


class HashedWhereCollected(ManifestStaticFilesStorage):
    """For the demo and the tests: where nothing was collected yet, files are found under their own names."""

    def stored_name(self, name: str) -> Any:
        return super().stored_name(name) if self.hashed_files else name
