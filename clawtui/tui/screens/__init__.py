"""The screens: the dashboard, and a screen each for runs, artifacts and dispatches.

`dashboard` has the keys and `dashboard_view` the content; `pane_grid` places the panes and `dividers` resizes them.
`view_models` makes the view models from a fleet, `run_selection` holds the selected run, and `selection` lists the
texts and the file of the selected item. `key_hints`, `bindings` and `palette` are about keys.

`controllers` and `app` import this package; it may import dialogs, panes and widgets.
"""
