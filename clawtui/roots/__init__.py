"""Several roots side by side, on this host and on others: which they are, and a source for each.

`listing` finds the roots, `sources` runs a source for each, `foreign_locks` asks one root's host about the locks of
another, and `asked_hosts` does that once for a command. It may import `remote` and the layers below; the faces import
it.
"""
