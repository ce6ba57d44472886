"""Reading runs, artifacts, dispatches and logs for the panes that show them.

`loader` and `run_reader` read in the background, `log_opening` opens logs, and `explanation` answers why an automation
is not running. Each `shown_…` module, and `all_logs`, fills one screen other than the dashboard; `automation_runs`
reads for one of them. Imported by the apps and the other controllers.
"""
