"""Roots on other hosts, over the system's ssh: addresses, requests, and the running of a command there.

It may import `model`, `files`, `storage` and `operations`; the faces use it.
"""
