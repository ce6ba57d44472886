"""Access to files on disk for all stores: files (``fs``), JSON5 documents (``json5``), logs (``logs``, ``log_view``).

``store_kind`` recognizes the store of a stock gateway, and ``host_zone`` reads the time zone of the host. The package
imports only the model. ``storage``, ``openclaw`` and the layers above them may import it.
"""
