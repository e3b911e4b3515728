"""Provide what the admin pages of every app share: base classes, row actions, transitions, links, filters, badges."""
