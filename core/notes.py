"""Words that people add to what they decide."""

MAX_NOTE = 1000
"""Characters: of the columns, of both contracts' fields, and of the forms."""
