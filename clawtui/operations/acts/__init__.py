"""The acts of the dashboard on a root of any host: the protocol (`protocol`), and the acts on this host (`local`).

The acts on another host are in `remote.client.acts`. Imports `locks`, `state.automations` and `user.actor` of this
layer; `remote` and the dashboard import it.
"""
