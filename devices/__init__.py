"""Manage device types, manufacturers, devices, their media, prices and rental limits."""
