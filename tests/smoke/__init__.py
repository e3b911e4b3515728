"""Walk through a running server over plain HTTP, as a phone app would: `make smoke`. Needs no packages."""
