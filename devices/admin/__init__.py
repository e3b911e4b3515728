"""Admin pages of devices, their media, prices and master data."""

from devices.admin import devices, master_data, media, pricing  # noqa: F401 (they register their pages)
