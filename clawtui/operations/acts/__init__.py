"""What the dashboard can do to a root, whatever host it is on: one protocol, and the acts on a root of this host."""
