"""The source of a stock gateway's root: which files to watch (`places`), and when to read the store (`session`).

Imported by `live.model`, which chooses the session by the kind of store.
"""
