"""The live layer, which keeps one immutable `Fleet` equal to the files below `automations/` and publishes each new one.

The path of a change: the package `watching` runs watchfiles in threads, collects the paths that it reports, and judges
whether the kernel can be relied on. `model` is the thread that waits for them. For each root it has one
`watch_session`, which combines the reported paths with what `reconciler` finds by comparing every file with
`stat_cache`. `route` classifies a path, `fleet_reader` reads it again (`directory_index` for directories, `documents`
for documents, `log_tails` for logs), and `fleet_builder` makes the next fleet, in which everything that did not change
is shared with the last one.

`source` has the protocols of a source and of its sessions. `root` finds `automations/`, `missing_root` is the session
where there is none, and the package `gateway` has the session of a stock gateway's root. `publication` publishes the
fleets, and the package `reading` has the paths to read, in their order.

This layer may import `storage`, `openclaw`, `files` and `model`. The layers above it may import it; nothing below it
may.
"""
