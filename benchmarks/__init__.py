"""What `make bench` runs, on servers and a database of its own; docs/benchmarks.md keeps the figures."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()
