"""Text: cleaning, masking of secrets, times and sizes as text."""
