"""Repository locks: one lock's file, locks that were set aside, and the manager that acquires, releases and lists them.

``manager`` is the public part. ``lock_file`` reads a lock and moves exactly the one that was read; ``released_locks``
lists, restores and sweeps moved locks. For ``stores``, ``workspaces`` and the layers above storage.
"""
