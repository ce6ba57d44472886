"""The controllers: operations and reading in the background, apart from showing a fleet.

`background` runs work in a thread, once or periodically, so that its failure does not end the app.
The monitors (`doctor_monitor`, `interrupted_monitor`, `locks.verdict_monitor`) follow the fleet and report their
results. `commands` has the commands of keys and palette. `locks` changes locks and slots, `runs` reads runs and logs,
and `user` is about the operator's settings and tools: keys, theme, editor, pager, clipboard, notifications.

Only `app` and `error_boundary` import this package, and `cli` for the checks of the settings. It may import
`operations`.
"""
