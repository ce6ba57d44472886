"""The kernel's reports, through watchfiles, of paths below a root that may have changed.

`events` runs watchfiles in a thread and collects the paths that it reports, `watcher` starts and replaces those
threads, `health` judges whether the kernel can be relied on, and `intervals` has every period of the live layer.

This package imports only `model`, and nothing else of the live layer. Of the layers above, `operations`, `remote` and
`roots` import it: `follow` commands wait as the live layer does, and sources take its intervals.
"""
