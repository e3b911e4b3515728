"""Leases: what an accepted LEASE order becomes; operators and documents."""
