"""Forms of the admin pages of devices."""
