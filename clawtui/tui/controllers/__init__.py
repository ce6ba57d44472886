"""What the dashboard does and reads besides showing a fleet, mostly in the background.

`background` runs work in a thread so that its failure does not end the app, and `periodic_worker` repeats such work.
The monitors (`doctor_monitor`, `interrupted_monitor`, `locks.verdict_monitor`) follow the fleet and report what they
find. `commands` has what keys and palette start. `locks` changes locks and slots, `runs` reads runs and logs, and
`user` has what belongs to the operator: keys, theme, editor, pager, clipboard, notifications.

Only `app` and `error_boundary` import this package, and `cli` for the checks of the settings. It may import
`operations`.
"""
