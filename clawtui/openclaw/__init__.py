"""A stock OpenClaw gateway's store: recognised and read, never written."""
