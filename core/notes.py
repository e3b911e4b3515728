"""Define the limit of notes."""

MAX_NOTE = 1000
"""In characters: of the columns, of both contracts' fields, and of the forms."""
