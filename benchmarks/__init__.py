"""Run the benchmarks of `make bench`, on servers and a database of their own; docs/benchmarks.md has the figures."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()
