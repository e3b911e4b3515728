"""The back office of devices."""

from devices.admin import devices, master_data, media, pricing  # noqa: F401 (they register their pages)
