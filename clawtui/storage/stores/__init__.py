"""The documents and logs below ``automations/``, apart from locks and workspaces.

One store for each kind of document, written by ``saving``; export, import, migration, log retention, and the sweeping
of files that killed writers left. For the rest of ``storage`` and the layers above.
"""
