"""The workspaces of runs: their documents, their removal, who may be using them, and commits that are nowhere else.

``manager`` is the public part. For ``stores`` and what is above storage.
"""
