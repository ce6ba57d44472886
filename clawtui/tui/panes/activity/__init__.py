"""Which automations ran when, and which the dispatcher skipped, on the time axis of the last hours.

Screens and controllers may import it.
"""
