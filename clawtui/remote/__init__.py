"""Roots on other hosts, over the system's ssh: addresses, requests, and the running of a command there.

`sources` makes the source of any root. `client` is the dashboard's end of a lasting connection, `agent` the other
one, and `messages` what they say to each other.

It may import `model`, `files`, `storage` and `operations`; the faces use it.
"""
