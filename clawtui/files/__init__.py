"""Access to files on disk for all stores: files (``fs``), JSON5 documents (``json5``), logs (``logs``, ``log_view``).

It imports only the model. ``storage`` and the layers above it may import it.
"""
