"""The messages between a dashboard and an agent."""
