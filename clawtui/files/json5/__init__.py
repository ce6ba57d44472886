"""JSON5 documents: parsed into values, edited without a change to any other byte, and written in their own dialect.

``document`` reads; ``merge`` and ``edit`` change a text by the positions from ``tree``; ``serialize`` writes. For the
layers above ``files``.
"""
