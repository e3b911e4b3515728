"""Load demo data of every app."""
