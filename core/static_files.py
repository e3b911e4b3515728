"""Serve static files under content-hashed names, so that browsers can cache them for ever."""

from typing import Any

from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# `import { Feed } from "./feed.js";` is to name the hashed file, too. Django's own support for this, behind
# `support_js_module_import_aggregation`, searches the large vendored files as well, which takes some seconds.
IMPORT = (r'(?P<matched>from "(?P<url>\./[^"]+)";)', 'from "%(url)s";')
PATTERNS = (*ManifestStaticFilesStorage.patterns, ("backoffice/*.js", (IMPORT,)))


class HashedAndCompressed(CompressedManifestStaticFilesStorage):
    """Serve collected files only: for production."""

    patterns = PATTERNS


class HashedWhereCollected(ManifestStaticFilesStorage):
    """Fall back to unhashed names where `collectstatic` has not run, as in the demo and the tests."""

    patterns = PATTERNS

    def stored_name(self, name: str) -> Any:
        return super().stored_name(name) if self.hashed_files else name
