"""Read-only access to the store of a stock OpenClaw gateway."""
