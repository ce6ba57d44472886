"""The documents and logs below ``automations/``, apart from locks and workspaces.

One store a kind of document; ``saving`` writes them all; export, import, migration, log retention and the sweeping of
what killed writers left. For ``workspaces`` and what is above storage.
"""
