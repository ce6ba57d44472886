"""The workspaces of runs: their documents, removal and possible users, and commits that are in no other repository.

``manager`` is the public part. For ``stores`` and the layers above storage.
"""
