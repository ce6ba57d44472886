"""The dashboard. Only this layer knows Textual."""
