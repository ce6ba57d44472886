"""The messages between a dashboard and an agent, as values that are validated when they are read.

Imported by `remote.agent` and `remote.client`; both limits and versions are in `fields`.
"""
