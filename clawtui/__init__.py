"""A terminal dashboard for the automations of a Clawdbot gateway."""

__version__ = "0.1.0"
