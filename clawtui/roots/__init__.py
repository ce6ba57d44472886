"""Several roots side by side, on this host and on others: which they are, and a source for each.

It may import `model`, `files`, `storage`, `live`, `operations` and `remote`; the faces use it.
"""
