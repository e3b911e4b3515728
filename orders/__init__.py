"""Equipment orders from interest to closing, and the discovery of devices."""
