"""The screens: the dashboard, the list of several roots, and a screen each for runs, artifacts, dispatches and others.

`dashboard` has the keys and `dashboard_view` the content; `pane_grid` places the panes and `dividers` resizes them.
`view_models` and `gateway_view` make the view models from a fleet, `judged_runs` adds the state of each run,
`run_selection` and `shown_automation` hold the selection, and `selection` lists the texts and the file of the selected
item. `key_hints`, `bindings` and `palette` are about keys. `roots` has the screen of several roots.

`controllers` and the apps import this package; it may import dialogs, panes, widgets, the model, and names of files
from `storage`.
"""
