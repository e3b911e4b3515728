"""A walk through a running copy, over plain HTTP, as an app would go: `make smoke`. No Django, no packages."""
