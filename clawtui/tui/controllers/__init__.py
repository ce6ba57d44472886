"""The controllers: operations and reading in the background, apart from showing a fleet.

`background` runs work in a thread, once or periodically, so that its failure does not end the app. The monitors
(`doctor_monitor`, `interrupted_monitor`, `locks.verdict_monitor`, `gateway.monitor`) follow the fleet and report
their results. `commands` has the commands of keys and palette; `gateway.commands`, `remote_commands` and
`design_commands` are those that depend on the kind of root, and `goto_commands` go to one row. `locks` changes locks
and slots, `workspaces` removes workspaces, `runs` reads runs and logs, `gateway` is about a stock gateway, `roots`
about the list of several roots, and `user` about the operator's settings and tools: keys, theme, editor, pager,
clipboard, notifications.

Only the modules of `tui` itself (`app`, `roots_app`, `run`, `base_app`) import this package, and `cli.config` for
the checks of the settings. It may import every layer of the dashboard below it, and all layers below the dashboard.
"""
