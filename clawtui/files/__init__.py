"""What every store on disk needs, whatever its layout: files (``fs``), JSON5 documents (``json5``), logs (``logs``).

Knows only the model. ``storage`` and what is above it may import it.
"""
