"""The screens: the dashboard, and one over the whole terminal for runs, artifacts and dispatches.

`dashboard` has the keys and `dashboard_view` what is shown; `pane_grid` places the panes and `dividers` resizes them.
`view_models` cuts a fleet into what each pane shows, `run_selection` knows which run that is, and `selection` what can
be copied or opened of it. `key_hints`, `bindings` and `palette` are about keys.

`controllers` and `app` import this package; it may import dialogs, panes and widgets.
"""
