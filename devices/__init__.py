"""What: device types, manufacturers, devices and their life, media, pricing, thresholds."""
