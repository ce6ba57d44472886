"""Reading runs, artifacts, dispatches and logs for the panes that show them.

`loader` and `run_reader` read in the background. Each `shown_…` module fills one screen other than the dashboard.
`log_reader` reads one log for the log pane; `log_worker` runs its long jobs in slices.
"""
