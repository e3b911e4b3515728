"""Admin pages of leases and operator assignments."""

from leases.admin import assignments, leases  # noqa: F401 (they register their pages)
