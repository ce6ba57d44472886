"""How an operation ends when it does not do what was asked."""

from __future__ import annotations


class Failed(Exception):
    """Nothing was done. Its text is one or two plain lines: why, and what to do."""
