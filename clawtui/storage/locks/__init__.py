"""Repository locks: one lock's file, locks that were set aside, and the manager that acquires, releases and lists.

``manager`` is the public part. ``lock_file`` reads a lock and moves exactly the one that was read; ``released_locks``
lists, restores and sweeps what was moved. For ``stores``, ``workspaces`` and what is above storage.
"""
