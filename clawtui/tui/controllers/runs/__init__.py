"""Reading runs, artifacts, dispatches and logs for the panes that show them.

`loader` and `run_reader` read in the background. Each `shown_…` module fills one screen other than the dashboard.
"""
