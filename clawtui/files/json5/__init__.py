"""json5."""
