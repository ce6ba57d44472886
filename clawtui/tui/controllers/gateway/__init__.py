"""Controllers of the dashboard for a root of a stock gateway.

`monitor` judges owners, `transcripts` reads the transcripts of agents, `acts` and `commands` run the gateway's own
command, and `shown_runs` is the screen with the runs of a job. Imported by the apps, `controllers.commands` and
`controllers.roots`.
"""
