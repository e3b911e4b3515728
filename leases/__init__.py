"""Manage leases of devices to VLEs, their operators and documents."""
