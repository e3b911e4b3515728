"""The back office of leases."""

from leases.admin import assignments, leases  # noqa: F401 (they register their pages)
