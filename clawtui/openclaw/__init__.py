"""Read-only access to the store of a stock OpenClaw gateway, beside `storage`, which it does not know.

`reader` is the entry point: it reads a database (`sqlite_store`) or the files of a gateway before 2026.6
(`json_store`) into `model.gateway`; `incremental` reads again only what has changed. Nothing here writes.

It imports `files` and `model`; `live`, `operations` and the layers above them may import it.
"""
