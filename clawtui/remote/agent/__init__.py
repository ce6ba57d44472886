"""The agent on the host of a root: it watches the root, judges its locks, and sends what changed to a dashboard."""
