"""Roots on other hosts, over the system's ssh: addresses, requests, and the running of a command there.

`sources` makes the source of any root. `client` is the dashboard's end of a lasting connection, `agent` the other end,
and `messages` has the messages between them.

It may import `operations`, `live`, `storage`, `files` and `model`; `roots` and the faces import it.
"""
