"""A simulated stock gateway: it writes a database with the tables of OpenClaw 2026.9.6 and plays a gateway on it."""
