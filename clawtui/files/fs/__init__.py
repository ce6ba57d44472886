"""Files and directories that other programs write at the same time: reading, atomic writing, appending, removing.

Every path is a base and a path relative to it; no link below the base is followed. For ``json5``, ``logs`` and the
layers above ``files``.
"""
