"""The back office of devices."""

from devices.admin import devices, master_data, pricing  # noqa: F401 (they register their pages)
